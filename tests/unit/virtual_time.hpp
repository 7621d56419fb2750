// Time that passes only when a test says so.
#pragma once

#include "loop.hpp"
#include <anteroom/base/clock.hpp>

#include <cstdint>

namespace anteroom::unit {

/// While it lives, steady_now() of this thread is a time that advance() moves. To be made before the shards.
class virtual_time {
  public:
    virtual_time() { steady_time_of_test = &now_; }
    ~virtual_time() { steady_time_of_test = nullptr; }
    virtual_time(virtual_time const&) = delete;
    virtual_time& operator=(virtual_time const&) = delete;

    /// Runs what is ready on a shard, lets time pass, expires what is due by then, and runs what comes of it. Deadlines
    /// expire up to twice the wheel's granularity late, which is added, so that all of `time` has passed for them.
    void advance(shard& at, milliseconds time) {
        run_ready(at);
        expire_after(at, time);
        run_ready(at);
    }
    /// The same without running anything: for use in a handler.
    void expire_after(shard& at, milliseconds time) {
        now_ += time.count() + 2 * deadline_wheel::granularity;
        at.expire_due();
    }

  private:
    std::int64_t now_ = 1'000'000;
};

}  // namespace anteroom::unit
