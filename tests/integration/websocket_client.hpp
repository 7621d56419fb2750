// A client of a WebSocket, as patient or as rude as a test needs it.
#pragma once

#include "connection.hpp"
#include "request.hpp"
#include "response.hpp"
#include "stream_client.hpp"
#include "websocket_frame.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace anteroom::integration {

/// The handshake's request, right unless `headers` names a field of it, which then stands in the place of the right
/// one; one with an empty value is left out.
request websocket_request(std::string target, header_list const& headers = {});

class websocket_client {
  public:
    /// Opens a socket, and sends `with_it` in the same packet as the handshake; throws harness_error unless it is
    /// answered 101 and with the right Sec-WebSocket-Accept.
    websocket_client(endpoint const& where, std::string target, header_list const& headers = {},
                     std::string_view with_it = "", int receive_buffer = 0);

    [[nodiscard]] response const& handshake() const { return handshake_; }

    void send(std::string_view bytes) { connection_.send(bytes); }
    void send(websocket_frame const& frame) { connection_.send(frame.bytes()); }
    void say(std::string text) { send(text_frame(std::move(text))); }

    /// The next frame of whatever kind; nothing when the server closes the connection. Throws harness_error when
    /// nothing comes in time.
    std::optional<websocket_frame> next_frame(milliseconds bound = patience);

    /// The next text frame as JSON; pings are answered. Throws harness_error when the socket is closed instead.
    boost::json::object next_object(milliseconds bound = patience);

    /// The same as what it says of the room.
    stream_item next_item(milliseconds bound = patience) { return parse_stream_object(next_object(bound)); }
    message next_message(milliseconds bound = patience);

    /// Publishes and waits for the answer, an `ack` or an `error`; messages that come first are passed over.
    boost::json::object publish(std::string text);

    /// The code that the server closes the socket with, 1005 where it gives none, 1006 where it just ends; messages
    /// that come first are passed over. Checks that the connection ends after it.
    int close_code(milliseconds bound = patience);

    connection& raw() { return connection_; }

  private:
    connection connection_;
    response handshake_;
    std::string received_;
};

}  // namespace anteroom::integration
