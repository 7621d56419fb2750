// The coroutine type of the server: Asio's own, on the executor of a shard.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace anteroom {

namespace asio = boost::asio;

/// Every coroutine runs on the io_context of one shard. Naming that executor's type, and not the type-erased
/// any_io_executor, keeps operations small.
using executor = asio::io_context::executor_type;

/// What a function returns that may wait. Started by co_spawn() on a shard's executor, or awaited by another; it is
/// resumed on that shard whatever thread completes what it awaits. Beware of move assignment: in Boost 1.83 it leaks
/// what it overwrites, so assign to an empty one only.
template <class T = void>
using awaitable = asio::awaitable<T, executor>;

}  // namespace anteroom
