// A source of events: long polls, a stream or a WebSocket.
#pragma once

#include <anteroom/client/event.hpp>
#include <anteroom/client/response.hpp>
#include <anteroom/client/server_connection.hpp>
#include <anteroom/client/subscriber.hpp>
#include <anteroom/client/subscription_cursor.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace anteroom::client {

/// The events that were received, and the failure that followed them, if any.
struct fetch_result {
    std::vector<event> events;
    std::optional<outcome> failure;
    bool connected = false;  ///< whether a valid response or data came from the server
};

class source {
  public:
    source() = default;
    source(source const&) = delete;
    source& operator=(source const&) = delete;
    virtual ~source() = default;

    /// Connects if necessary, resuming from this cursor, and completes when something arrived. After a failure the
    /// source is closed. One call at a time.
    virtual asio::awaitable<fetch_result> fetch(subscription_cursor const& from, time_point until) = 0;

    /// Closes the connection; the next fetch() opens another.
    virtual void close() noexcept = 0;
};

/// A transient failure.
outcome retryable(error why, std::chrono::milliseconds retry_after = {});

/// Long polls. With `no_wait` they are answered at once, which gives the current cursor.
std::unique_ptr<source> make_poll_source(asio::any_io_executor const& executor, server_url const& to,
                                         subscriber_options const& options, bool no_wait);
/// NDJSON or server-sent events.
std::unique_ptr<source> make_stream_source(asio::any_io_executor const& executor, server_url const& to,
                                           subscriber_options const& options);
std::unique_ptr<source> make_websocket_source(asio::any_io_executor const& executor, server_url const& to,
                                              subscriber_options const& options);

}  // namespace anteroom::client
