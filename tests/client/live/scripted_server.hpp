// Servers that do what a real one does not: answer by script, and cut connections.
#pragma once

#include "loop.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <random>
#include <string>

namespace anteroom::live {

/// Answers as a test says, one connection at a time.
class scripted_server {
  public:
    explicit scripted_server(asio::io_context& io);

    std::string url() const;

    /// Waits for a request, on a new connection where there is none; gives its head and body.
    asio::awaitable<std::string> request();

    /// Sends bytes as they are.
    asio::awaitable<void> send(std::string bytes);

    /// Sends an answer with a body of JSON.
    asio::awaitable<void> answer(std::string status, std::string body, std::string fields = "");

    void hang_up() { peer_.reset(); }

    /// Gives the connection away, open; the next request comes on another.
    asio::ip::tcp::socket let_go() {
        auto out = std::move(*peer_);
        peer_.reset();
        return out;
    }

  private:
    asio::ip::tcp::acceptor listening_;
    std::optional<asio::ip::tcp::socket> peer_;
    std::string unread_;
};

/// Stands before a server, and cuts each connection after some bytes of what the server says: before the first, within
/// a head, within a message.
class cutting_proxy {
  public:
    cutting_proxy(asio::io_context& io, unsigned short server_port, unsigned seed);

    std::string url() const;
    int cuts() const noexcept { return cuts_; }

    /// Passes everything from now on.
    void behave() noexcept { behaves_ = true; }

  private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(asio::ip::tcp::socket client);

    asio::ip::tcp::acceptor listening_;
    unsigned short server_port_;
    std::minstd_rand dice_;
    int cuts_ = 0;
    bool behaves_ = false;
};

}  // namespace anteroom::live
