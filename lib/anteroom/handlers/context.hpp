// The shared context of the endpoints, and one request as its endpoint receives it.
#pragma once

#include <anteroom/guard/admission.hpp>
#include <anteroom/guard/origins.hpp>
#include <anteroom/handlers/assets.hpp>
#include <anteroom/handlers/exclusive_clients.hpp>
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
    milliseconds poll_wait = std::chrono::seconds(25);  // if a poll does not specify it
    milliseconds poll_wait_max =
        std::chrono::seconds(120);  // the maximum that a poll may ask for; longer waits are truncated
    milliseconds keep_alive = std::chrono::seconds(15);  // between keep-alives of a stream
    milliseconds presence_lease = std::chrono::seconds(10);
    milliseconds idempotency_window = std::chrono::minutes(5);
    milliseconds body_timeout = std::chrono::seconds(30);  // for receiving a complete WebSocket message
    std::size_t max_body = std::size_t{64} * 1024;         // the maximum size of a message
    std::vector<std::string> allow_origins;
    std::string frame_ancestors = "'none'";   // who may have the page in a frame, as in a Content-Security-Policy
    std::vector<std::string> hosts;           // names that the server answers to: see hosts
    std::vector<net::network> trust_proxies;  // whose Forwarded and X-Forwarded-… fields are believed
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
    admission const& gate;
    presence& people;
    idempotency_window& keys;
    exclusive_clients& clients;
};

/// The client to be answered, and the context: passed by value, to coroutines too. The session outlives the endpoint.
struct caller {
    context const& app;
    http::session& client;

    /// The shard that the endpoint runs on.
    anteroom::shard& shard() const noexcept { return client.shard(); }
};

/// A request, with the context that an endpoint needs to answer it. It owns the request, whose views are valid as long
/// as it lives.
struct call : caller {
    http::request_ptr request;
    std::optional<std::string_view> segment;  // the segment that matched `{…}` in the route, as written

    http::target const& target() const noexcept { return *request->parts; }
    /// Whether a page of another site made the request, which must not change anything then: see admission.
    bool is_foreign() const { return app.gate.is_foreign(client.transport(), *request); }
};

}  // namespace anteroom
