// The delay before the next retry.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace anteroom::client {

/// Exponential backoff with full jitter: the n-th delay is uniform between 0 and `initial` times 2 to the n, `max` at
/// most, so that clients which lost the same server do not all reconnect at once. Pure: the random number is a
/// parameter.
class backoff {
  public:
    using milliseconds = std::chrono::milliseconds;

    backoff(milliseconds initial, milliseconds max) noexcept : initial_(initial), max_(std::max(initial, max)) {}

    /// The next delay, at least `least` (a Retry-After). `random` is uniformly distributed over its whole range.
    milliseconds next(std::uint64_t random, milliseconds least = milliseconds(0)) noexcept {
        auto const span = std::min<std::int64_t>(max_.count(), initial_.count() << tries_);
        if (span < max_.count() && tries_ < 20)
            ++tries_;
        auto const delay =
            static_cast<std::int64_t>(random % (static_cast<std::uint64_t>(std::max<std::int64_t>(span, 0)) + 1));
        return std::max(least, milliseconds(delay));
    }

    /// After a success: starts again from the initial bound.
    void reset() noexcept { tries_ = 0; }

  private:
    milliseconds initial_;
    milliseconds max_;
    unsigned tries_ = 0;
};

}  // namespace anteroom::client
