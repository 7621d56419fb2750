// A non-blocking TCP connection of the generator, lean enough to have 19,000 of.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace anteroom::bench {

// The server's address out of a URL such as http://127.0.0.1:8080/.
struct endpoint {
    sockaddr_in address{};
    std::string host;  // with the port, for the Host field

    /// Throws std::runtime_error unless `url` is http with an IPv4 address or localhost.
    static endpoint parse(std::string_view url);
};

class connection {
  public:
    /// Connects, blocking. `ordinal` distributes many connections to a loopback address over several source addresses,
    /// because one has only some 28,000 ports. `narrow`: with small buffers and small segments, so that the server's
    /// socket is soon full when we do not read. Throws std::system_error.
    connection(endpoint const& to, std::size_t ordinal, bool narrow = false);
    ~connection();
    connection(connection&& other) noexcept;
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    connection& operator=(connection&&) = delete;

    int fd() const { return fd_; }

    /// Sends what the socket takes and keeps the rest, which flush() sends later. Throws std::system_error.
    void send(std::string_view bytes);
    void flush();

    /// The bytes received and not consumed yet, valid until the next call; empty if nothing has arrived. Reads at most
    /// once, so call it again while `more` is set. Throws std::runtime_error when the server has closed.
    std::string_view receive(bool& more);

    /// Keeps what is left of a receive() that ended within an answer.
    void keep(std::string_view rest) { unread_.assign(rest); }

  private:
    int fd_ = -1;
    std::string unread_;
    std::string unsent_;
};

}  // namespace anteroom::bench
