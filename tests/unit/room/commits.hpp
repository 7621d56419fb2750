// A history whose messages are committed later, by publishers who do not know of each other.
#pragma once

#include "room/logs.hpp"

#include <string>

namespace anteroom::unit {

struct committed_history {
    /// Appends a message and gives its id.
    cursor append(commitment when = commitment::later, std::string data = "x", std::int64_t now = 0) {
        return log.append(message::make(text(std::move(data)), meter), now, limits, when);
    }
    cursor append_now(std::string data = "x") { return append(commitment::immediate, std::move(data)); }
    bool commit(cursor first, cursor last) { return log.commit(first, last, limits); }
    bool commit(cursor one) { return commit(one, one); }
    /// The numbers of all that can be read.
    std::vector<std::uint64_t> readable() const { return numbers(log.read({7, 0}, 1000)); }

    history_limits limits;
    memory_meter meter;
    history log{7};
};

}  // namespace anteroom::unit
