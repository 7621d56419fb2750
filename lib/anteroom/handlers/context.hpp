// What endpoints work with, and one request as its endpoint sees it.
#pragma once

#include <anteroom/handlers/assets.hpp>
#include <anteroom/handlers/exclusive_clients.hpp>
#include <anteroom/handlers/origins.hpp>
#include <anteroom/http/request_pool.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/room/hub.hpp>
#include <anteroom/room/idempotency.hpp>
#include <anteroom/room/presence.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

struct api_options {
    milliseconds poll_wait = std::chrono::seconds(25);       // where a poll does not say
    milliseconds poll_wait_max = std::chrono::seconds(120);  // what it may ask for; more is cut
    milliseconds keep_alive = std::chrono::seconds(15);      // between keep-alives of a stream
    milliseconds presence_lease = std::chrono::seconds(10);
    milliseconds idempotency_window = std::chrono::minutes(5);
    milliseconds body_timeout = std::chrono::seconds(30);  // for a message of a WebSocket to come whole
    std::size_t max_body = std::size_t{64} * 1024;         // of a message of a WebSocket
    std::vector<std::string> allow_origins;
    bool allow_delete = false;
    bool websocket_deflate = false;
};

/// Shared by all shards; outlives every session.
struct context {
    hub& rooms;
    std::span<shard* const> shards;
    assets const& page;
    api_options const& options;
    origins const& allowed;
    presence& people;
    idempotency_window& keys;
    exclusive_clients& clients;
};

/// Who is answered, and with what: by value, to coroutines too. The session outlives the endpoint.
struct caller {
    context const& app;
    http::session& client;

    /// The shard that all of this happens on.
    anteroom::shard& shard() const noexcept { return client.shard(); }
};

/// A request, with what an endpoint needs to answer it. Whoever holds it owns the request, whose views are good for as
/// long.
struct call : caller {
    http::request_ptr request;
    std::optional<std::string_view> segment;  // what stood for `{…}` in the route, as written

    http::target const& target() const noexcept { return *request->parts; }
};

}  // namespace anteroom
