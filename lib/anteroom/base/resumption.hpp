// The right to resume a coroutine.
#pragma once

#include <anteroom/base/prefetch.hpp>
#include <anteroom/base/task.hpp>

#include <utility>

namespace anteroom {

/// Resumes a task, once; where it is dropped without that, nobody ever will, and the task is destroyed with those that
/// wait for it. What an awaiter of the house keeps while its task is suspended: eight bytes, where a completion handler
/// has an executor, an allocator and a cancellation slot. On the thread of the task.
class resumption {
  public:
    /// None.
    resumption() = default;
    explicit resumption(coroutine::promise_base& of) noexcept : of_(&of) {}
    resumption(resumption&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    resumption& operator=(resumption&& other) noexcept {
        std::swap(of_, other.of_);
        return *this;
    }
    ~resumption() {
        if (of_ != nullptr)
            of_->abandon();
    }

    explicit operator bool() const noexcept { return of_ != nullptr; }
    void operator()() { std::exchange(of_, nullptr)->resume(); }
    /// It is about to be used: asks for the frame.
    void soon() const noexcept {
        constexpr std::size_t frame_size = 256;  // by and large
        prefetch(of_, frame_size);
    }

  private:
    coroutine::promise_base* of_ = nullptr;
};

}  // namespace anteroom
