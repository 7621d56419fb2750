// Listening sockets, and the coroutine that turns what they accept into sessions.
#pragma once

#include <anteroom/base/shard.hpp>
#include <anteroom/http/address.hpp>
#include <anteroom/http/worker.hpp>

#include <memory>
#include <string>
#include <vector>

namespace anteroom::http {

/// One socket a shard that listens at the same address, so that each shard accepts for itself: for TCP by SO_REUSEPORT,
/// where the kernel spreads the connections; for Unix the one socket, shared.
class listener {
  public:
    /// Binds and listens, with one socket for each of `count` shards. Throws std::system_error, with the address in
    /// its text, where it cannot; a port that somebody else listens on counts as taken, whoever it is.
    listener(address at, std::size_t count);
    ~listener();
    listener(listener&& other) noexcept;
    listener& operator=(listener&&) = delete;

    /// Where it listens, as a URL with the real port: `http://127.0.0.1:8080/`, or `unix:PATH`.
    std::string const& url() const noexcept { return url_; }

    /// Takes the socket of a shard, to be passed to accept_loop().
    int take(std::size_t index) noexcept;

  private:
    int open(bool share_port);

    address at_;
    std::string url_;
    std::vector<int> sockets_;
};

/// Starts to accept on a listening socket, which it owns, on the thread of the worker's shard; it ends when
/// stop_accepting() is called. When the process is out of descriptors it pauses, ends nothing, and says so in the log
/// once.
class acceptor {
  public:
    acceptor(worker& at, int listening_socket);
    ~acceptor();
    acceptor(acceptor const&) = delete;
    acceptor& operator=(acceptor const&) = delete;

    /// Starts accepting.
    void start();
    /// Closes the listening socket.
    void stop();

  private:
    struct state;
    static task<void> run(std::shared_ptr<state> self);

    std::shared_ptr<state> state_;
};

}  // namespace anteroom::http
