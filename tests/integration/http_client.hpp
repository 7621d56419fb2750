// One HTTP/1.1 connection of a client, as patient or as rude as a test needs it.
#pragma once

#include "connection.hpp"
#include "endpoint.hpp"
#include "timing.hpp"
#include "request.hpp"
#include "response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace anteroom::integration {

class http_client {
  public:
    explicit http_client(endpoint const& where, int receive_buffer = 0) : connection_{where, receive_buffer} {}

    /// Sends raw bytes; throws harness_error when the server does not take them.
    void send(std::string_view bytes) { connection_.send(bytes); }
    void send(request const& what) { connection_.send(what.bytes()); }

    /// Receives the next response; throws harness_error when it does not come whole and in time.
    response receive(milliseconds bound = patience, bool to_head = false);

    /// Receives the next response, or nothing when the server closes the connection before it begins.
    std::optional<response> receive_or_end(milliseconds bound = patience, bool to_head = false);

    /// Sends a request and receives its response.
    response exchange(request const& what, milliseconds bound = patience);

    /// Whether the server closes the connection within the bound and sends nothing more before it.
    [[nodiscard]] bool is_closed_within(milliseconds bound = patience);

    /// Whether nothing comes for this long, neither a byte nor an end.
    [[nodiscard]] bool is_quiet_for(milliseconds bound);

    connection& raw() { return connection_; }

  private:
    connection connection_;
    std::string buffer_;
};

}  // namespace anteroom::integration
