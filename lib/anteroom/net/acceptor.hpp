// The coroutine that accepts connections on a listening socket.
#pragma once

#include <anteroom/base/shard.hpp>
#include <anteroom/net/descriptor.hpp>

#include <memory>

namespace anteroom::net {

/// What accepted connections are given to.
class connection_sink {
  public:
    /// Takes over a connected, non-blocking socket, on the thread of the acceptor's shard. Throws where the connection
    /// cannot be served; the acceptor logs that and pauses.
    virtual void accepted(descriptor socket) = 0;

  protected:
    ~connection_sink() = default;
};

/// Accepts in batches, between which the shard's other work has its turn. When the process is out of descriptors it
/// pauses, ends nothing, and says so in the log, at most once in ten minutes. On the thread of its shard.
class acceptor {
  public:
    /// Takes over a socket that listens; the shard and the sink must outlive start() until stop() has been called and
    /// the shard's loop has turned.
    acceptor(shard& at, descriptor listening, connection_sink& to);
    ~acceptor();
    acceptor(acceptor const&) = delete;
    acceptor& operator=(acceptor const&) = delete;

    /// Starts accepting.
    void start();
    /// Closes the listening socket, which ends the accepting.
    void stop();

  private:
    struct state;
    static awaitable<> run(std::shared_ptr<state> self);

    std::shared_ptr<state> state_;
};

}  // namespace anteroom::net
