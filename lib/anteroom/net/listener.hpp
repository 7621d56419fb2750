// Sockets that listen at an address, one for each shard.
#pragma once

#include <anteroom/net/address.hpp>
#include <anteroom/net/descriptor.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace anteroom::net {

/// One socket a shard that listens at the same address, so that each shard accepts for itself: for TCP by SO_REUSEPORT,
/// where the kernel spreads the connections; for Unix the one socket, shared.
class listener {
  public:
    /// Binds and listens, with one socket for each of `count` shards. Throws std::system_error, with the address in
    /// its text, where it cannot; a port that somebody else listens on counts as taken, whoever it is.
    listener(address at, std::size_t count);
    /// Closes what was not taken, and removes the file of a Unix socket.
    ~listener();
    listener(listener&& other) noexcept;
    listener& operator=(listener&&) = delete;

    bool is_unix() const noexcept { return at_.is_unix(); }
    /// Where it listens, with the real port: `127.0.0.1:8080`, `[::1]:8080` or `unix:PATH`.
    std::string const& local() const noexcept { return local_; }

    /// Takes the socket of a shard, to be passed to an acceptor.
    descriptor take(std::size_t index) noexcept;

  private:
    descriptor open(bool share_port);

    address at_;
    std::string local_;
    std::vector<descriptor> sockets_;
};

}  // namespace anteroom::net
