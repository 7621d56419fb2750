// Answering a subscription, in each of its formats.
#pragma once

#include <anteroom/handlers/poll.hpp>
#include <anteroom/handlers/subscription.hpp>
#include <anteroom/http/websocket_handshake.hpp>

#include <memory>

namespace anteroom {

/// Parses what a request subscribes to, or returns an error. It takes effect immediately: a subscriber with a name
/// becomes present.
parsed<subscription> read_subscription(call const& by);

// Each returns an awaitable as described in endpoints.hpp.

/// A long poll: answered immediately if there are new messages, otherwise later.
awaitable<> answer_poll(caller to, std::unique_ptr<poll> asking);
/// NDJSON and SSE.
awaitable<> begin_stream(caller to, subscription asked);
/// To be called after accept_websocket() has succeeded.
awaitable<> begin_websocket(caller to, subscription asked, http::websocket_handshake hands);

/// The handshake of a request for a WebSocket; nullopt if it was refused and answered. Must be called before the
/// subscription takes effect: a refused client joins no room and supersedes no other client.
std::optional<http::websocket_handshake> accept_websocket(call const& by);

}  // namespace anteroom
