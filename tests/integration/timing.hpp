// How long a test is willing to wait, and how it waits for what has no event of its own.
#pragma once

#include <chrono>
#include <thread>

namespace anteroom::integration {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// For what should happen at once: long enough for a sanitizer on a busy machine, never reached by a good server.
inline constexpr milliseconds patience = 15s;

/// For thousands of connections at once.
inline constexpr milliseconds crowd_patience = 60s;

/// A point in time that a wait ends at.
class deadline {
  public:
    explicit deadline(milliseconds from_now) : at_{std::chrono::steady_clock::now() + from_now} {}

    /// What is left, never negative, rounded up so that a wait for it does not spin.
    [[nodiscard]] milliseconds left() const {
        auto const remaining = std::chrono::ceil<milliseconds>(at_ - std::chrono::steady_clock::now());
        return remaining < 0ms ? 0ms : remaining;
    }

    [[nodiscard]] bool passed() const { return std::chrono::steady_clock::now() >= at_; }

  private:
    std::chrono::steady_clock::time_point at_;
};

/// Time since it was made.
class stopwatch {
  public:
    [[nodiscard]] milliseconds elapsed() const {
        return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start_);
    }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Asks `holds` until it says true or the bound passes; returns its last answer.
template <class Predicate>
[[nodiscard]] bool eventually(Predicate&& holds, milliseconds bound = patience) {
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
