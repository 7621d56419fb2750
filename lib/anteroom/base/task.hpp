// The coroutine type of the house.
#pragma once

#include <anteroom/base/frame_pool.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace anteroom {

namespace asio = boost::asio;

/// Every coroutine runs on the io_context of one shard. Naming that executor's type, and not the type-erased
/// any_io_executor, keeps operations small.
using executor = asio::io_context::executor_type;

template <class T = void>
class task;

/// Whom the failure of a task is told that nobody awaits.
using failure_handler = void (*)(std::exception_ptr const&);

/// Starts a task that nobody awaits, in place. `failed` is called at its end if an exception ended it.
void start(task<void> what, failure_handler failed);

/// What coroutines are made of: see task.
namespace coroutine {

/// The part of a coroutine's state that does not depend on its result.
class promise_base {
  public:
    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
            ended.promise().leave();
        }
        void await_resume() const noexcept {}
    };

    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { frame_pool::deallocate(frame, size); }

    std::suspend_always initial_suspend() const noexcept { return {}; }
    final_awaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { failure_ = std::current_exception(); }

    /// Runs it until it waits or ends; says whether it has ended. `caller` waits for it otherwise.
    bool run_for(promise_base& caller) {
        caller_ = &caller;
        in_caller_ = true;
        resume();
        in_caller_ = false;
        return handle().done();
    }
    void run_detached(failure_handler failed) {
        detached_ = true;
        failed_ = failed;
        resume();
    }
    void resume() { handle().resume(); }
    /// Destroys the whole chain of those that wait for each other: nothing will ever resume them.
    void abandon() noexcept {
        auto* outermost = this;
        while (!outermost->detached_)
            outermost = outermost->caller_;
        outermost->handle().destroy();
    }
    void rethrow_failure() const {
        if (failure_)
            std::rethrow_exception(failure_);
    }

  private:
    // A promise is where its frame has it, whatever is derived from this: see the assertion in task.
    std::coroutine_handle<promise_base> handle() noexcept {
        return std::coroutine_handle<promise_base>::from_promise(*this);
    }
    void leave() noexcept {
        if (in_caller_)
            return;
        if (!detached_) {
            caller_->resume();
            return;
        }
        auto const failure = std::move(failure_);
        auto const failed = failed_;
        handle().destroy();
        if (failure && failed != nullptr)
            failed(failure);
    }

    union {
        promise_base* caller_ = nullptr;
        failure_handler failed_;  // if detached
    };
    std::exception_ptr failure_;
    bool detached_ = false;
    bool in_caller_ = false;  // the caller is still starting it, and will see that it has ended
};

template <class T>
class promise final : public promise_base {
  public:
    task<T> get_return_object() noexcept;
    template <class U>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }
    T result() {
        rethrow_failure();
        return std::move(*value_);
    }

    template <class Awaited>
    auto await_transform(Awaited&& what);

  private:
    std::optional<T> value_;
};

template <>
class promise<void> final : public promise_base {
  public:
    task<void> get_return_object() noexcept;
    void return_void() noexcept {}
    void result() const { rethrow_failure(); }

    template <class Awaited>
    auto await_transform(Awaited&& what);
};

/// Awaits another coroutine.
template <class T>
class task_awaiter {
  public:
    explicit task_awaiter(task<T>&& what) noexcept : what_(std::move(what)) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> caller) {
        return !what_.state().run_for(caller.promise());
    }
    T await_resume() { return what_.state().result(); }

  private:
    task<T> what_;
};

template <class Signature>
struct completion;
template <>
struct completion<void()> {
    using type = void;
};
template <class T>
struct completion<void(T)> {
    using type = T;
};

/// Awaits an asynchronous operation of Asio's (`asio::deferred`), which completes with one value or none, on the thread
/// of the coroutine. It must outlive this.
template <class Operation>
class operation_awaiter {
  public:
    using result = typename completion<asio::completion_signature_of_t<Operation>>::type;

    explicit operation_awaiter(Operation& what) noexcept : what_(what) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> caller) {
        caller_ = &caller.promise();
        std::move(what_)(handler(*this));
        started_ = true;
    }
    result await_resume() {
        if constexpr (!std::is_void_v<result>)
            return std::move(value_);
    }

  private:
    // Resumes the coroutine; if it goes without having been called, nobody ever will, and the coroutine goes as well.
    class handler {
      public:
        explicit handler(operation_awaiter& of) noexcept : of_(&of) {}
        handler(handler&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
        handler& operator=(handler&&) = delete;
        ~handler() {
            // Before, an exception is on its way to the coroutine.
            if (of_ != nullptr && of_->started_)
                of_->caller_->abandon();
        }
        template <class... Values>
        void operator()(Values&&... values) {
            auto& of = *std::exchange(of_, nullptr);
            ((of.value_ = std::forward<Values>(values)), ...);
            of.caller_->resume();
        }

      private:
        operation_awaiter* of_;
    };

    Operation& what_;
    promise_base* caller_ = nullptr;
    [[no_unique_address]] std::conditional_t<std::is_void_v<result>, std::monostate, result> value_{};
    bool started_ = false;
};

/// What can be awaited as it is.
template <class Awaiter>
concept awaiter = requires(Awaiter what) {
    { what.await_ready() } -> std::same_as<bool>;
    what.await_resume();
};

template <class T>
task_awaiter<T> await(task<T>&& what) noexcept {
    return task_awaiter<T>(std::move(what));
}
template <awaiter Awaiter>
Awaiter await(Awaiter&& what) noexcept {
    return std::forward<Awaiter>(what);
}
template <class Operation>
operation_awaiter<Operation> await(Operation&& what) noexcept {
    static_assert(!std::is_lvalue_reference_v<Operation>, "what is awaited is used up");
    return operation_awaiter<Operation>(what);
}

template <class T>
template <class Awaited>
auto promise<T>::await_transform(Awaited&& what) {
    return await(std::forward<Awaited>(what));
}
template <class Awaited>
auto promise<void>::await_transform(Awaited&& what) {
    return await(std::forward<Awaited>(what));
}

}  // namespace coroutine

/// A coroutine that delivers a T to whoever awaits it, another task, once. It runs on the thread of its shard only, and
/// begins when it is awaited or given to start(). It can await tasks, operations of Asio (with the token
/// `asio::deferred`, of one value or none) and awaiters that know a promise_base (see resumption). Destroying a task
/// destroys what it waits for; an operation that is destroyed without being completed (its loop goes) destroys the
/// tasks that wait for it, up to the one that was started.
///
/// Asio's own awaitable keeps for each chain of them another coroutine and a thread of control, may be cancelled at
/// every operation and works on any executor: here a frame is all that there is (see docs/architecture.md, with
/// figures).
template <class T>
class [[nodiscard]] task {
  public:
    using promise_type = coroutine::promise<T>;
    static_assert(alignof(promise_type) == alignof(coroutine::promise_base));

    /// None.
    task() = default;
    task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
    task& operator=(task&& other) noexcept {
        std::swap(coroutine_, other.coroutine_);
        return *this;
    }
    ~task() {
        if (coroutine_)
            coroutine_.destroy();
    }

    /// Whether there is one.
    bool valid() const noexcept { return static_cast<bool>(coroutine_); }

  private:
    friend promise_type;
    friend coroutine::task_awaiter<T>;
    friend void start(task<void> what, failure_handler failed);

    explicit task(std::coroutine_handle<promise_type> made) noexcept : coroutine_(made) {}
    promise_type& state() const noexcept { return coroutine_.promise(); }

    std::coroutine_handle<promise_type> coroutine_;
};

template <class T>
task<T> coroutine::promise<T>::get_return_object() noexcept {
    return task<T>(std::coroutine_handle<promise>::from_promise(*this));
}
inline task<void> coroutine::promise<void>::get_return_object() noexcept {
    return task<void>(std::coroutine_handle<promise>::from_promise(*this));
}

inline void start(task<void> what, failure_handler failed) {
    auto& state = what.state();
    what.coroutine_ = nullptr;  // it destroys itself at its end
    state.run_detached(failed);
}

}  // namespace anteroom
