// A blocking connection to the server, and what a client reads from it.
#pragma once

#include <anteroom/net/descriptor.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace anteroom::memory {

/// Every operation fails once the connection is broken, has ended, or nothing has come for a second: whoever waits
/// longer tries again while `alive()`.
class connection {
  public:
    /// `at` is 127.0.0.1:PORT.
    explicit connection(std::string const& at);

    bool alive() const noexcept { return static_cast<bool>(socket_); }
    bool send(std::string_view text);
    /// Waits for more input; false if there was none, and then maybe the connection has ended: see alive().
    bool receive();
    void close() noexcept { socket_.close(); }

    /// The input that was not consumed.
    std::string input;

  private:
    net::descriptor socket_;
};

struct answer {
    int status = 0;
    std::string body;
};

/// Sends a request, and reads the response; nothing if the connection breaks first, or `patience` seconds pass.
std::optional<answer> exchange(connection& with, std::string_view request, int patience);

}  // namespace anteroom::memory
