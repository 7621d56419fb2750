// The coroutine that accepts connections on a listening socket.
#pragma once

#include <anteroom/base/shard.hpp>
#include <anteroom/net/descriptor.hpp>

#include <memory>

namespace anteroom::net {

/// Receives accepted connections.
class connection_sink {
  public:
    /// Takes ownership of a connected, non-blocking socket, on the thread of the acceptor's shard. Throws if the
    /// connection cannot be served; the acceptor logs the error and pauses.
    virtual void accepted(descriptor socket) = 0;

  protected:
    ~connection_sink() = default;
};

/// Accepts in batches, between which the shard does its other work. When the process is out of descriptors, it pauses
/// without closing anything and logs a warning, at most once in ten minutes. On the thread of its shard.
class acceptor {
  public:
    /// Takes ownership of a listening socket. After start(), the shard and the sink must live until stop() has been
    /// called and the shard's loop has run once more.
    acceptor(shard& at, descriptor listening, connection_sink& to);
    ~acceptor();
    acceptor(acceptor const&) = delete;
    acceptor& operator=(acceptor const&) = delete;

    /// Starts accepting.
    void start();
    /// Closes the listening socket, which stops accepting.
    void stop();

  private:
    struct state;
    static awaitable<> run(std::shared_ptr<state> self);

    std::shared_ptr<state> state_;
};

}  // namespace anteroom::net
