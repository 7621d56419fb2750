// The coroutine type of the house.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace anteroom {

namespace asio = boost::asio;

/// Every coroutine runs on the io_context of one shard. Naming that executor's type, and not the type-erased
/// any_io_executor, keeps frames and operations small.
using executor = asio::io_context::executor_type;

/// A coroutine that delivers a T to whoever awaits it. It runs on the thread of its shard only, and starts when
/// awaited.
template <class T = void>
using task = asio::awaitable<T, executor>;

}  // namespace anteroom
