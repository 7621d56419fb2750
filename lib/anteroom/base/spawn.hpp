// Starting a coroutine that no other coroutine awaits.
#pragma once

#include <anteroom/base/awaitable.hpp>

namespace anteroom {

/// Starts `what` on a shard's executor, in place if called on its thread. The coroutine ends by itself: its owner must
/// make sure of that (a session is ended by its worker, an acceptor by stop()). An exception that escapes it is logged
/// with `name`, which must live as long as the process: "{name} ended by an exception: ...".
void spawn(executor const& on, awaitable<> what, char const* name);

}  // namespace anteroom
