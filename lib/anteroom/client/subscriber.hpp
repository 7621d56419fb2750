// Receives every message of one or several rooms, once and in order, over restarts, cuts and gaps.
#pragma once

#include <anteroom/client/error.hpp>
#include <anteroom/client/message.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace anteroom::client {

/// How messages come. All of them bring the same; a poll passes every proxy, the others save requests in a busy room.
enum class transport {
    poll,       ///< a request that hangs until there is a message
    stream,     ///< NDJSON: one answer that goes on
    sse,        ///< server-sent events: one answer that goes on
    websocket,  ///< one connection that goes on
};

// Members have initialisers that say nothing new, so that designated ones may leave them out.
// NOLINTBEGIN(readability-redundant-member-init)
struct subscriber_options {
    /// Where to begin: a cursor (of a message, of cursor()), `0` for the oldest message that a room still has; empty
    /// for what is published from now on.
    std::string after = {};
    /// The name to be present under, 1 to 64 characters; empty: not present.
    std::string as = {};
    /// An id of the program's own making: a newer subscriber with the same one ends this one (errc::superseded).
    std::string client = {};
    transport over = transport::poll;
    /// How long a poll hangs. The server may cut it short.
    std::chrono::milliseconds wait = std::chrono::seconds(25);
    /// Messages in one answer to a poll, 1 to 1000.
    std::size_t limit = 100;
    /// How long the server may take to connect, or to answer beyond the time that a poll hangs.
    std::chrono::milliseconds patience = std::chrono::seconds(15);
    /// How long a stream may be silent, keep-alives included, before it is taken for dead.
    std::chrono::milliseconds silence = std::chrono::seconds(60);
    /// Waits between tries: full jitter under a bound that doubles from the first to the most. A Retry-After is
    /// waited for in any case.
    std::chrono::milliseconds backoff_first = std::chrono::milliseconds(500);
    std::chrono::milliseconds backoff_most = std::chrono::seconds(30);
    /// Called before each wait with what went wrong and how long the wait is, from within next().
    std::function<void(error const&, std::chrono::milliseconds)> on_retry = {};
    /// Called when the server answers for the first time, and again after each trouble, from within next().
    std::function<void()> on_connect = {};
};
// NOLINTEND(readability-redundant-member-init)

/// A subscription. It connects when it is first asked for something, and goes on from its own cursor after whatever
/// happens to a connection: nothing is lost, repeated or reordered, and what the server no longer has is told as a gap.
///
/// An object belongs to its executor: call it from there only, one call at a time, and let it outlive its calls.
/// Where several threads run the executor, make it a strand.
class subscriber {
  public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `server` is `http://host:port` (with a prefix where a proxy has it under one) or `unix:PATH`. A wrong server,
    /// room or option is told by the first call.
    subscriber(boost::asio::any_io_executor const& on, std::string const& server, std::vector<std::string> rooms,
               subscriber_options with = {});
    subscriber(boost::asio::any_io_executor const& on, std::string const& server, std::string room,
               subscriber_options with = {});
    subscriber(subscriber&&) noexcept;
    subscriber& operator=(subscriber&&) noexcept;
    ~subscriber();

    /// Completes when the place is known: what is published after it will be received. Needed only where `after` is
    /// empty and something must not happen before; next() does it by itself. Fails like next().
    boost::asio::awaitable<result<void>> start();
    boost::asio::awaitable<result<void>> start(time_point until);

    /// Completes with the next messages and gaps as soon as there are any. While there is no server it keeps trying,
    /// and says so to on_retry.
    ///
    /// Fails with errc::bad_argument, errc::refused and errc::superseded, which stay until something changes;
    /// errc::timed_out when `until` passes first; errc::cancelled when the call is cancelled (terminal cancellation of
    /// the coroutine, as by co_spawn's slot or `||`). After any of these the next call goes on where the last batch
    /// ended; after the last two it does so over a new connection.
    boost::asio::awaitable<result<batch>> next();
    boost::asio::awaitable<result<batch>> next(time_point until);

    /// The place after the last batch that next() gave: keep it with what was made of the batch, and hand it in as
    /// `after` to go on from there, in this process or another. Empty before the place is known.
    std::string cursor() const;

  private:
    class state;
    std::shared_ptr<state> state_;  // shared with the calls under way, for a loop that is torn down with them
};

}  // namespace anteroom::client
