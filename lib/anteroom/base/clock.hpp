// The two clocks of the house: one that people read, and one that deadlines are counted on.
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>

namespace anteroom {

using milliseconds = std::chrono::milliseconds;

/// Milliseconds since the Unix epoch, by the system's clock. It may jump. Any thread.
inline std::int64_t unix_now() noexcept {
    using std::chrono::system_clock;
    return std::chrono::duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// Milliseconds on a clock that never jumps, exact to some 4 ms and read without a system call. Any thread.
inline std::int64_t steady_now() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace anteroom
