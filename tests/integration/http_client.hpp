// One HTTP/1.1 connection of a client, which may misbehave as a test needs.
#pragma once

#include "connection.hpp"
#include "endpoint.hpp"
#include "request.hpp"
#include "response.hpp"
#include "timing.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace anteroom::integration {

class http_client {
  public:
    explicit http_client(endpoint const& where, int receive_buffer = 0) : connection_{where, receive_buffer} {}

    /// Sends raw bytes; throws harness_error if the server does not accept them.
    void send(std::string_view bytes) { connection_.send(bytes); }
    void send(request const& what) { connection_.send(what.bytes()); }

    /// Receives the next response; throws harness_error if it does not arrive completely and in time.
    response receive(milliseconds bound = default_timeout, bool to_head = false);

    /// Receives the next response, or nothing when the server closes the connection before it begins.
    std::optional<response> receive_or_end(milliseconds bound = default_timeout, bool to_head = false);

    /// Sends a request and receives its response.
    response exchange(request const& what, milliseconds bound = default_timeout);

    /// Whether the server closes the connection within the bound and sends nothing more before it.
    [[nodiscard]] bool is_closed_within(milliseconds bound = default_timeout);

    /// Whether nothing arrives for this long, neither a byte nor an end.
    [[nodiscard]] bool is_quiet_for(milliseconds bound);

    connection& raw() { return connection_; }

  private:
    connection connection_;
    std::string buffer_;
};

}  // namespace anteroom::integration
