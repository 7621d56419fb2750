// A WebSocket client, which may misbehave as a test needs.
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

/// A valid handshake request, except that `headers` replace its fields of the same name; a field with an empty value is
/// left out.
request websocket_request(std::string target, header_list const& headers = {});

class websocket_client {
  public:
    /// Opens a socket, and sends `with_it` in the same packet as the handshake; throws harness_error unless the
    /// response is 101 with the right Sec-WebSocket-Accept.
    websocket_client(endpoint const& where, std::string target, header_list const& headers = {},
                     std::string_view with_it = "", int receive_buffer = 0);

    [[nodiscard]] response const& handshake() const { return handshake_; }

    void send(std::string_view bytes) { connection_.send(bytes); }
    void send(websocket_frame const& frame) { connection_.send(frame.bytes()); }
    void send_text(std::string text) { send(text_frame(std::move(text))); }

    /// The next frame of any kind; nullopt when the server closes the connection. Throws harness_error if nothing
    /// arrives in time.
    std::optional<websocket_frame> next_frame(milliseconds bound = default_timeout);

    /// The next text frame as JSON; answers pings. Throws harness_error if the socket is closed instead.
    boost::json::object next_object(milliseconds bound = default_timeout);

    /// The same, parsed as an event of the subscription.
    stream_event next_event(milliseconds bound = default_timeout) { return parse_stream_object(next_object(bound)); }
    message next_message(milliseconds bound = default_timeout);

    /// Publishes and waits for the `ack` or `error`; skips messages that arrive first.
    boost::json::object publish(std::string text);

    /// The close code of the server, 1005 if the close frame has none, 1006 without a close frame; skips messages that
    /// arrive first. Checks that the connection ends after the close frame.
    int close_code(milliseconds bound = default_timeout);

    connection& raw() { return connection_; }

  private:
    connection connection_;
    response handshake_;
    std::string received_;
};

}  // namespace anteroom::integration
