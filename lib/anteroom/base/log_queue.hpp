// The lines of the log on their way to a descriptor, which may take them late or never.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace anteroom::log {

/// A bounded queue with a thread of its own that writes it: whoever logs never waits for the reader of the log. A line
/// that does not fit, or that cannot be written, is dropped and counted; the number is written in its place, as a line
/// that `note` makes, as soon as something can be written again. The thread is started by the first line, so that a
/// server of one shard that has nothing to say stays a process of one thread.
class queue {
  public:
    static constexpr std::size_t default_capacity = std::size_t{1} << 20U;

    /// `to` is written to until the end of the process; `capacity` is in bytes. `note` is called with the number of
    /// dropped lines, on the writing thread.
    explicit queue(int to, std::function<std::string(std::uint64_t)> note, std::size_t capacity = default_capacity);
    /// Only where everything that was queued can be written: it waits for that.
    ~queue();
    queue(queue const&) = delete;
    queue& operator=(queue const&) = delete;

    /// Queues a line, with its newline. Any thread; waits for no reader. Without memory the line is dropped.
    void push(std::string_view line) noexcept;

    /// Counts a line as dropped that could not even be made. Any thread.
    void drop() noexcept;

    /// Waits until everything that was queued is written, but no longer than that; returns whether it is. Any thread.
    bool flush(std::chrono::milliseconds most);

    /// The number of lines dropped since the start. Any thread.
    std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  private:
    void run();
    /// Writes as much as can be written, and returns it.
    std::size_t write(std::string_view text) const noexcept;
    bool say(std::uint64_t missing) const noexcept;
    /// With the mutex locked.
    void count_dropped(std::uint64_t lines) noexcept;

    int to_;
    std::size_t capacity_;
    std::function<std::string(std::uint64_t)> note_;
    std::atomic<std::uint64_t> dropped_{0};

    std::mutex mutex_;  // guards the rest; never held while writing
    std::condition_variable queued_;
    std::condition_variable written_;
    std::string pending_;         // the lines to be written next
    std::uint64_t not_said_ = 0;  // lines dropped behind these
    bool writing_ = false;        // the thread has lines that it has not written yet
    bool failing_ = false;        // the last attempt to write did not succeed; the next line is the next attempt
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace anteroom::log
