// How long to wait before the next try.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace anteroom::client {

/// Exponential backoff with full jitter: the n-th wait is anywhere from 0 to `first` times 2 to the n, `most` at most,
/// so that clients which lost the same server do not come back to it all at once. Pure: chance is handed in.
class backoff {
  public:
    using milliseconds = std::chrono::milliseconds;

    backoff(milliseconds first, milliseconds most) noexcept : first_(first), most_(std::max(first, most)) {}

    /// The next wait, not under `least` (a Retry-After). `chance` is any number, evenly spread.
    milliseconds next(std::uint64_t chance, milliseconds least = milliseconds(0)) noexcept {
        auto const span = std::min<std::int64_t>(most_.count(), first_.count() << tries_);
        if (span < most_.count() && tries_ < 20)
            ++tries_;
        auto const some =
            static_cast<std::int64_t>(chance % (static_cast<std::uint64_t>(std::max<std::int64_t>(span, 0)) + 1));
        return std::max(least, milliseconds(some));
    }

    /// Something went well: start small again.
    void reset() noexcept { tries_ = 0; }

  private:
    milliseconds first_;
    milliseconds most_;
    unsigned tries_ = 0;
};

}  // namespace anteroom::client
