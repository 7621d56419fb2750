// A way to get items from a server: by polls, by a stream, by a WebSocket.
#pragma once

#include <anteroom/client/response.hpp>
#include <anteroom/client/server_connection.hpp>
#include <anteroom/client/event.hpp>
#include <anteroom/client/subscription_cursor.hpp>
#include <anteroom/client/subscriber.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace anteroom::client {

/// What a look for news brought, and what went wrong after that, if something did.
struct fetched {
    std::vector<item> items;
    std::optional<verdict> trouble;
    bool alive = false;  ///< whether the server said anything that makes it one that works
};

class source {
  public:
    source() = default;
    source(source const&) = delete;
    source& operator=(source const&) = delete;
    virtual ~source() = default;

    /// Connects where that has to be, from these places on, and completes when something came. After a trouble it is
    /// closed. One call at a time.
    virtual asio::awaitable<fetched> fetch(places const& from, time_point until) = 0;

    /// Lets go of the connection; the next fetch() makes another.
    virtual void close() noexcept = 0;
};

/// Something that may pass by itself.
verdict passing(error why, std::chrono::milliseconds after = {});

/// Long polls. With `once` they do not hang: they tell the place.
std::unique_ptr<source> make_poll_source(asio::any_io_executor const& on, server_url const& to,
                                         subscriber_options const& with, bool once);
/// NDJSON or server-sent events.
std::unique_ptr<source> make_stream_source(asio::any_io_executor const& on, server_url const& to,
                                           subscriber_options const& with);
std::unique_ptr<source> make_websocket_source(asio::any_io_executor const& on, server_url const& to,
                                              subscriber_options const& with);

}  // namespace anteroom::client
