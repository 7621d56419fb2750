// A stream over a connected socket, TCP or Unix.
#pragma once

#include <anteroom/net/descriptor.hpp>
#include <anteroom/net/stream.hpp>

namespace anteroom::net {

class poller;

/// See stream. The socket is registered once with the poller of its event loop.
class socket_stream final : public stream {
  public:
    /// Takes ownership of a connected, non-blocking socket. If it cannot be watched, the stream is closed from the
    /// start.
    socket_stream(asio::io_context& io, descriptor socket);
    ~socket_stream() override;

    executor_type get_executor() const noexcept override;
    bool others_wait() const noexcept override;
    bool is_open() const noexcept override { return static_cast<bool>(socket_); }
    std::optional<asio::ip::address> peer_address() const override;
    void shutdown_send() noexcept override;

  private:
    std::size_t do_read(asio::mutable_buffer into, error_code& ec) override;
    std::size_t do_write(std::span<asio::const_buffer const> from, std::size_t size, error_code& ec) override;
    void do_close() noexcept override;

    descriptor socket_;
    poller& poller_;
};

}  // namespace anteroom::net
