// A stream socket to a server, on which every operation has a bound.
#pragma once

#include "descriptor.hpp"
#include "endpoint.hpp"
#include "timing.hpp"

#include <string>
#include <string_view>

namespace anteroom::integration {

enum class read_outcome {
    data,       ///< something was appended
    end,        ///< the other side has closed its half in good order
    reset,      ///< the other side has aborted the connection
    timed_out,  ///< nothing came in time
};

class connection {
  public:
    /// Connects; `receive_buffer` bytes of SO_RCVBUF make a reader that is easily full. Throws harness_error.
    explicit connection(endpoint const& where, int receive_buffer = 0);

    /// Whether a server takes connections there at all.
    static bool is_refused(endpoint const& where);

    /// Sends everything; throws harness_error when the other side does not take it in time.
    void send(std::string_view bytes);

    /// Sends everything if the other side takes it; false when it has gone or does not take it in time.
    [[nodiscard]] bool try_send(std::string_view bytes, milliseconds bound = patience);

    /// Waits for bytes and appends them to `buffer`.
    [[nodiscard]] read_outcome read_some(std::string& buffer, milliseconds bound);

    /// Says that nothing more will be sent; receiving goes on.
    void shutdown_write();

    /// Closes in good order.
    void close() { socket_.close(); }

    /// Vanishes: the other side sees a reset.
    void reset();

    [[nodiscard]] int native_handle() const { return socket_.get(); }

  private:
    descriptor socket_;
};

}  // namespace anteroom::integration
