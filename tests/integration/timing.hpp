// Time limits, deadlines, and waiting for a condition that has no event of its own.
#pragma once

#include <chrono>
#include <thread>

namespace anteroom::integration {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// For what should happen at once: long enough for a sanitizer on a busy machine, never reached by a correct server.
inline constexpr milliseconds default_timeout = 15s;

/// For thousands of connections at once.
inline constexpr milliseconds crowd_timeout = 60s;

/// A point in time at which a wait ends.
class deadline {
  public:
    explicit deadline(milliseconds from_now) : at_{std::chrono::steady_clock::now() + from_now} {}

    /// The remaining time, never negative, rounded up so that a wait for it does not spin.
    [[nodiscard]] milliseconds left() const {
        auto const remaining = std::chrono::ceil<milliseconds>(at_ - std::chrono::steady_clock::now());
        return remaining < 0ms ? 0ms : remaining;
    }

    [[nodiscard]] bool passed() const { return std::chrono::steady_clock::now() >= at_; }

  private:
    std::chrono::steady_clock::time_point at_;
};

/// The time since its construction.
class stopwatch {
  public:
    [[nodiscard]] milliseconds elapsed() const {
        return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start_);
    }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Calls `holds` until it returns true or the bound passes; returns its last result.
template <class Predicate>
[[nodiscard]] bool eventually(Predicate&& holds, milliseconds bound = default_timeout) {
    deadline const end{bound};
    while (!holds()) {
        if (end.passed()) {
            return false;
        }
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

}  // namespace anteroom::integration
