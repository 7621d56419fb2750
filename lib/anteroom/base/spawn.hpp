// Starting a coroutine that nobody awaits.
#pragma once

#include <anteroom/base/awaitable.hpp>

namespace anteroom {

/// Starts `what` on a shard's executor, in place if this is its thread. It ends by itself: whoever starts it sees to
/// that (a session is ended by its worker, an acceptor by stop()). An exception that ends it is logged, with `name`,
/// which must live as long as the process: "{name} ended by an exception: ...".
void spawn(executor const& on, awaitable<> what, char const* name);

}  // namespace anteroom
