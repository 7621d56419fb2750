// The handshake of the WebSocket protocol (RFC 6455, 4), which needs no socket.
#pragma once

#include <anteroom/http/request.hpp>

#include <string>
#include <string_view>

namespace anteroom::http {

/// What the server speaks over a WebSocket, for clients that ask for a subprotocol by its name; they need not.
inline constexpr std::string_view websocket_subprotocol = "anteroom";

/// Whether a request asks for an upgrade to WebSocket.
bool asks_for_websocket(request const& asked) noexcept;

/// The result of a handshake: header fields for session::upgrade(), or the reason for refusing it.
struct websocket_handshake {
    unsigned refused = 0;      // the status of the refusal; 0: accepted
    std::string text;          // the fields, or the detail of the refusal
    bool deflate = false;      // permessage-deflate was negotiated (RFC 7692), without context takeover on either side
    bool subprotocol = false;  // the client has offered the subprotocol, and is answered with it
};

/// Pure function. `allow_deflate`: whether compression is negotiated if the client offers it.
websocket_handshake shake_hands(request const& asked, bool allow_deflate);

}  // namespace anteroom::http
