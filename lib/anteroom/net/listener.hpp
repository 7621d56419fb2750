// Listening sockets at one address, one for each shard.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/net/address.hpp>
#include <anteroom/net/descriptor.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace anteroom::net {

/// When a connection is given up whose peer has vanished without a word: TCP only, a Unix socket's peer is on the same
/// machine.
struct peer_timeouts {
    milliseconds unacknowledged{};  // output that the peer's system has not acknowledged, or taken, for so long
    milliseconds idle{};  // how long nothing is received before the peer's system is asked whether it is there
};

/// Holds one listening socket per shard at the same address, so that each shard accepts for itself: for TCP with
/// SO_REUSEPORT, where the kernel distributes the connections; for Unix, and for a socket that was passed, duplicates
/// of one socket.
class listener {
  public:
    /// Binds and listens, with one socket for each of `count` shards. Throws std::system_error, with the address in its
    /// text, on failure; a port that any other process listens on counts as in use. `timeouts` apply to the connections
    /// that are accepted; without them, those of the system do.
    listener(address at, std::size_t count, std::optional<peer_timeouts> timeouts = std::nullopt);
    /// Takes over a socket that listens already, as a service manager passes it. Throws std::system_error if it is not
    /// a stream socket of TCP or Unix that listens. The file of a Unix socket is left to whoever made it.
    listener(descriptor listening, std::size_t count, std::optional<peer_timeouts> timeouts = std::nullopt);
    /// Closes the sockets that were not taken, and removes the file of a Unix socket that it has made.
    ~listener();
    listener(listener&& other) noexcept;
    listener& operator=(listener&&) = delete;

    bool is_unix() const noexcept { return at_.is_unix(); }
    /// The address that it listens on, with the actual port: `127.0.0.1:8080`, `[::1]:8080` or `unix:PATH`.
    std::string const& local() const noexcept { return at_.text; }

    /// Releases the socket of a shard, to be passed to an acceptor.
    descriptor take(std::size_t index) noexcept;

  private:
    descriptor open(bool share_port);
    void share(descriptor one, std::size_t count);
    void set_connection_options(int socket) const noexcept;

    address at_;
    std::optional<peer_timeouts> timeouts_;
    bool made_ = true;  // by this object, not passed to it
    std::vector<descriptor> sockets_;
};

}  // namespace anteroom::net
