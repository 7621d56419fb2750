// The two clocks of the server: wall-clock time for timestamps, and a monotonic clock for deadlines.
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>

namespace anteroom {

using milliseconds = std::chrono::milliseconds;

/// Milliseconds since the Unix epoch, from the system clock. It may jump. Any thread.
inline std::int64_t unix_now() noexcept {
    using std::chrono::system_clock;
    return std::chrono::duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// Overrides steady_now() on this thread in tests with virtual time, unless null: see tests/unit/virtual_time.hpp.
inline constinit thread_local std::int64_t const* steady_time_of_test = nullptr;

/// Milliseconds on a monotonic clock, accurate to about 4 ms and read without a system call. Any thread.
inline std::int64_t steady_now() noexcept {
    if (steady_time_of_test != nullptr)
        return *steady_time_of_test;
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

/// One point in time on both clocks: `wall` is what a timestamp says, `steady` what ages are measured by, since the
/// wall clock may jump either way.
struct moment {
    constexpr moment(std::int64_t on_wall, std::int64_t on_steady) noexcept : wall(on_wall), steady(on_steady) {}
    /// Where the clocks agree.
    constexpr moment(std::int64_t both) noexcept : moment(both, both) {}  // NOLINT(google-explicit-constructor)

    static moment now() noexcept { return {unix_now(), steady_now()}; }

    std::int64_t wall;    // ms since the Unix epoch
    std::int64_t steady;  // ms on the steady clock
};

}  // namespace anteroom
