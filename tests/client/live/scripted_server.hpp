// Test servers that do what a real one does not: scripted responses, and cut connections.
#pragma once

#include "loop.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <random>
#include <string>

namespace anteroom::live {

/// Responds as the test directs, one connection at a time.
class scripted_server {
  public:
    explicit scripted_server(asio::io_context& io);

    std::string url() const;

    /// Waits for a request, on a new connection if there is none; completes with its head and body.
    asio::awaitable<std::string> request();

    /// Sends bytes as they are.
    asio::awaitable<void> send(std::string bytes);

    /// Sends a response with a JSON body.
    asio::awaitable<void> respond(std::string status, std::string body, std::string fields = "");

    void hang_up() { peer_.reset(); }

    /// Returns the open connection; the next request is accepted on another one.
    asio::ip::tcp::socket release_connection() {
        auto out = std::move(*peer_);
        peer_.reset();
        return out;
    }

  private:
    asio::ip::tcp::acceptor acceptor_;
    std::optional<asio::ip::tcp::socket> peer_;
    std::string unread_;
};

/// A proxy that cuts each connection after a random number of bytes from the server: before the first byte, within a
/// head or within a message.
class cutting_proxy {
  public:
    cutting_proxy(asio::io_context& io, unsigned short server_port, unsigned seed);

    std::string url() const;
    int cuts() const noexcept { return cuts_; }

    /// Cuts no connection from now on.
    void pass_through() noexcept { pass_through_ = true; }
    /// Sends interim responses before the first response of each connection from now on.
    void hint() noexcept { hints_ = true; }

  private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(asio::ip::tcp::socket client);

    asio::ip::tcp::acceptor acceptor_;
    unsigned short server_port_;
    std::minstd_rand random_;
    int cuts_ = 0;
    bool pass_through_ = false;
    bool hints_ = false;
};

}  // namespace anteroom::live
