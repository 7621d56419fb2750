// Receives every message of one or several rooms, once and in order, across restarts, lost connections and gaps.
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

/// How messages are transported. All deliver the same; a poll works through every proxy, the others save requests in a
/// busy room.
enum class transport {
    poll,       ///< long polling: a request that waits until there is a message
    stream,     ///< NDJSON: one response that does not end
    sse,        ///< server-sent events: one response that does not end
    websocket,  ///< one WebSocket connection
};

// Redundant member initialisers, so that designated initialisers may omit any member.
// NOLINTBEGIN(readability-redundant-member-init)
struct subscriber_options {
    /// Where to start: a cursor (the id of a message, or cursor()), `0` for the oldest message that a room still has;
    /// empty for messages published from now on.
    std::string after = {};
    /// The name to be present under, 1 to 64 characters; empty: not present.
    std::string as = {};
    /// An id that the program chooses: a newer subscriber with the same one ends this one (errc::superseded).
    std::string client = {};
    transport over = transport::poll;
    /// How long a poll waits. The server may shorten it.
    std::chrono::milliseconds wait = std::chrono::seconds(25);
    /// Messages in one response to a poll, 1 to 1000.
    std::size_t limit = 100;
    /// How long connecting may take, and how long a response may take beyond the time that a poll waits.
    std::chrono::milliseconds response_timeout = std::chrono::seconds(15);
    /// How long nothing, not even a keep-alive, may arrive on a stream before the connection is considered dead.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
    /// Delays between retries: full jitter under a bound that doubles from the initial one to the maximum. A
    /// Retry-After is always honoured.
    std::chrono::milliseconds backoff_initial = std::chrono::milliseconds(500);
    std::chrono::milliseconds backoff_max = std::chrono::seconds(30);
    /// Called before each retry with the error and the delay, from within next().
    std::function<void(error const&, std::chrono::milliseconds)> on_retry = {};
    /// Called when the server answers for the first time, and again after each failure, from within next().
    std::function<void()> on_connect = {};
};
// NOLINTEND(readability-redundant-member-init)

/// A subscription. It connects on the first call, and resumes from its own cursor whenever a connection is lost: no
/// message is lost, repeated or reordered, and what the server no longer has is reported as a gap.
///
/// An object belongs to its executor: call it from that executor only, one call at a time, and it must outlive its
/// calls. If several threads run the executor, use a strand.
class subscriber {
  public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `server` is `http://host:port` (with a path prefix if a proxy needs one) or `unix:PATH`. An invalid server, room
    /// or option is reported by the first call.
    subscriber(boost::asio::any_io_executor const& executor, std::string const& server, std::vector<std::string> rooms,
               subscriber_options options = {});
    subscriber(boost::asio::any_io_executor const& executor, std::string const& server, std::string room,
               subscriber_options options = {});
    subscriber(subscriber&&) noexcept;
    subscriber& operator=(subscriber&&) noexcept;
    ~subscriber();

    /// Completes when the position is known: messages published after that will be received. Needed only if `after` is
    /// empty and something must not happen earlier; next() does it by itself. Fails like next().
    boost::asio::awaitable<result<void>> start();
    boost::asio::awaitable<result<void>> start(time_point until);

    /// Completes with the next messages and gaps as soon as there are any. While the server cannot be reached it keeps
    /// retrying, and calls on_retry.
    ///
    /// Fails with errc::bad_argument, errc::refused and errc::superseded, which persist until something changes;
    /// errc::timed_out when `until` passes first; errc::cancelled when the call is cancelled (terminal cancellation of
    /// the coroutine, as by co_spawn's slot or `||`). After any of these the next call resumes where the last batch
    /// ended; after the last two it does so over a new connection.
    boost::asio::awaitable<result<batch>> next();
    boost::asio::awaitable<result<batch>> next(time_point until);

    /// The position after the last batch that next() returned: store it together with the effects of the batch, and
    /// pass it as `after` to resume from there, in this process or another. Empty before the position is known.
    std::string cursor() const;

  private:
    class state;
    std::shared_ptr<state> state_;  // shared with pending calls, for an io_context that is destroyed with them
};

}  // namespace anteroom::client
