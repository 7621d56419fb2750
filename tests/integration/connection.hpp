// A stream socket to a server with a time limit on every operation.
#pragma once

#include "descriptor.hpp"
#include "endpoint.hpp"
#include "timing.hpp"

#include <string>
#include <string_view>

namespace anteroom::integration {

enum class read_outcome {
    data,       ///< something was appended
    end,        ///< the peer has closed its half of the connection
    reset,      ///< the peer has reset the connection
    timed_out,  ///< nothing arrived in time
};

class connection {
  public:
    /// Connects; a small `receive_buffer` (SO_RCVBUF, in bytes) fills quickly. Throws harness_error.
    explicit connection(endpoint const& where, int receive_buffer = 0);

    /// Whether a server accepts connections there at all.
    static bool is_refused(endpoint const& where);

    /// Sends everything; throws harness_error if the peer does not accept it in time.
    void send(std::string_view bytes);

    /// Sends everything; false if the peer has closed or does not accept it in time.
    [[nodiscard]] bool try_send(std::string_view bytes, milliseconds bound = default_timeout);

    /// Waits for bytes and appends them to `buffer`.
    [[nodiscard]] read_outcome read_some(std::string& buffer, milliseconds bound);

    /// Shuts down the sending side; receiving continues.
    void shutdown_write();

    /// Closes the connection normally.
    void close() { socket_.close(); }

    /// Resets the connection.
    void reset();

    [[nodiscard]] int native_handle() const { return socket_.get(); }

  private:
    descriptor socket_;
};

}  // namespace anteroom::integration
