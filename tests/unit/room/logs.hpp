// Helpers that append to a history and inspect what is read from it.
#pragma once

#include <anteroom/room/history.hpp>

#include <string>
#include <vector>

namespace anteroom::unit {

inline draft text(std::string data) {
    return {content::text, std::move(data), {}};
}

/// The numbers of the messages in a batch.
inline std::vector<std::uint64_t> numbers(batch const& of) {
    std::vector<std::uint64_t> out;
    for (auto const& each : of.messages)
        out.push_back(each->id().number);
    return out;
}

/// The numbers from `first` to `last`, both inclusive; none if `first` is greater.
inline std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> out;
    for (auto i = first; i <= last; ++i)
        out.push_back(i);
    return out;
}

/// A history of one-byte messages 1 to `last`, of which the newest `kept` are left, in epoch 7.
struct filled_history {
    filled_history(std::uint64_t last, std::size_t kept) {
        history_limits limits;
        limits.messages = kept == 0 ? 1 : kept;
        for (std::uint64_t i = 1; i <= last; ++i)
            log.append(message::make(text(std::to_string(i % 10)), meter), 0, limits);
        if (kept == 0)
            log.evict(1);
    }

    memory_meter meter;
    history log{7};
};

}  // namespace anteroom::unit
