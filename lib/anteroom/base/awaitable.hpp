// The coroutine type of the server: Asio's own, on the executor of a shard.
#pragma once

#include <anteroom/base/frame_pool.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <coroutine>
#include <cstddef>
#include <utility>

namespace anteroom {

namespace asio = boost::asio;

/// Every coroutine runs on the io_context of one shard. Using that concrete executor type instead of the type-erased
/// any_io_executor keeps operations small.
using executor = asio::io_context::executor_type;

/// The return type of a function that may suspend. It is started by spawn() on a shard's executor or awaited by another
/// coroutine, and always resumes on that shard, whichever thread completes the awaited operation. Beware of move
/// assignment: in Boost 1.83 it leaks the coroutine that it overwrites, so assign only to an empty awaitable.
template <class T = void>
using awaitable = asio::awaitable<T, executor>;

/// The return type of a coroutine that is the root of its stack: spawn_root() starts it without the coroutine that
/// co_spawn() wraps around another, and with it every session is spared a frame of 264 bytes, and four cache lines at
/// each message (docs/performance.md).
using root_awaitable = awaitable<asio::detail::awaitable_thread_entry_point>;

/// Asio's promise type with frames allocated from the frame pool: Asio recycles only two frames per thread, while a
/// fan-out ends a hundred polls before the next one begins (docs/performance.md has the cost).
template <class T>
class pooled_promise : public asio::detail::awaitable_frame<T, executor> {
    using base = asio::detail::awaitable_frame<T, executor>;

    // Asio's awaitable expects the handle of a coroutine with Asio's own promise, which is a base class of this one.
    template <class U>
    struct awaiter {
        awaitable<U> awaited;

        bool await_ready() const noexcept { return awaited.await_ready(); }
        void await_suspend(std::coroutine_handle<pooled_promise> caller) {
            awaited.await_suspend(std::coroutine_handle<base>::from_promise(caller.promise()));
        }
        U await_resume() { return awaited.await_resume(); }
    };

  public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { frame_pool::deallocate(frame, size); }

    using base::await_transform;
    template <class U>
    awaiter<U> await_transform(awaitable<U> what) const {
        return {base::await_transform(std::move(what))};
    }
};

}  // namespace anteroom

/// More specialised than Asio's own coroutine_traits, which it replaces for the executor of a shard.
template <class T, class... Arguments>
struct std::coroutine_traits<boost::asio::awaitable<T, anteroom::executor>, Arguments...> {
    using promise_type = anteroom::pooled_promise<T>;
    static_assert(alignof(promise_type) == alignof(boost::asio::detail::awaitable_frame<T, anteroom::executor>));
};
