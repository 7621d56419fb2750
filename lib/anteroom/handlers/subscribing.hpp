// How a subscription is answered, in each of its forms.
#pragma once

#include <anteroom/handlers/poll.hpp>
#include <anteroom/handlers/subscription.hpp>
#include <anteroom/http/websocket.hpp>

#include <memory>

namespace anteroom {

/// What a request asks for, or why it cannot be had. It takes effect at once: who gives a name is present.
parsed<subscription> read_subscription(call const& by);

// Each returns what is still to be awaited: see endpoints.hpp.

/// A long poll: at once if there is something, else later.
awaitable<> answer_poll(caller to, std::unique_ptr<poll> asking);
/// NDJSON and SSE.
awaitable<> begin_stream(caller to, subscription asked);
/// After accept_websocket() has agreed.
awaitable<> begin_websocket(caller to, subscription asked, http::websocket_handshake hands);

/// The handshake of a request that asks for a WebSocket; nothing where it was refused and answered. To be called before
/// anything of the subscription takes effect: who is refused joins no room and takes nobody's place.
std::optional<http::websocket_handshake> accept_websocket(call const& by);

}  // namespace anteroom
