// Starting a coroutine that no other coroutine awaits.
#pragma once

#include <anteroom/base/awaitable.hpp>

namespace anteroom {

/// Starts `what` on a shard's executor, in place if called on its thread. The coroutine ends by itself: its owner must
/// make sure of that (an acceptor by stop()). An exception that escapes it is logged with `name`, which must live as
/// long as the process: "{name} ended by an exception: ...".
void spawn(executor const& on, awaitable<> what, char const* name);

/// The same for a coroutine that is the root of its stack (a session's, which its worker ends). Any thread; throws if
/// there is no memory to post it. `what` catches its exceptions: one that escaped would leave through whatever resumed
/// it. Where nothing else keeps the event loop running, it has to hold a work guard itself.
void spawn_root(executor const& on, root_awaitable what);

/// Logs the exception that is being handled as spawn() does.
void log_escaped_exception(char const* name) noexcept;

}  // namespace anteroom
