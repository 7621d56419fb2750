// A connection to a server, with a deadline for every operation.
#pragma once

#include <anteroom/client/server_url.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace anteroom::client {

namespace asio = boost::asio;
using boost::system::error_code;
using time_point = std::chrono::steady_clock::time_point;

/// Completion token: the error code is a value of the awaited result, nothing is thrown.
inline constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

/// A deadline that never comes, but can still be added to without overflow.
inline time_point never() noexcept {
    return std::chrono::steady_clock::now() + std::chrono::hours(24 * 365 * 10);
}

/// Closes a socket when its deadline passes; the pending operations then complete with asio::error::operation_aborted.
class socket_deadline {
  public:
    using socket = asio::generic::stream_protocol::socket;

    /// `timer` and `what` must outlive this object.
    socket_deadline(asio::steady_timer& timer, socket& what, time_point at);
    socket_deadline(socket_deadline const&) = delete;
    socket_deadline& operator=(socket_deadline const&) = delete;
    ~socket_deadline();

    bool expired() const noexcept { return *expired_; }

    /// The error of an operation that completed with `ec`: asio::error::timed_out if this deadline was the reason.
    error_code translate(error_code ec) const noexcept;

  private:
    asio::steady_timer& timer_;
    std::shared_ptr<bool> expired_;
    std::shared_ptr<socket*> target_;
};

class server_connection {
  public:
    using socket = socket_deadline::socket;

    explicit server_connection(asio::any_io_executor const& executor) : socket_(executor), timer_(executor) {}

    /// Connects, trying each address of the host name in turn. Closes the socket first.
    asio::awaitable<error_code> connect(server_url const& to, time_point until);

    /// Writes everything. The bytes must stay valid until it completes.
    asio::awaitable<error_code> send(std::string_view bytes, time_point until);

    /// Appends the next bytes received, at least one.
    asio::awaitable<error_code> receive(std::string& into, time_point until);

    void close() noexcept;
    bool is_open() const noexcept { return socket_.is_open(); }

    /// For a protocol that takes over the same socket.
    socket& raw() noexcept { return socket_; }
    asio::steady_timer& timer() noexcept { return timer_; }

  private:
    socket socket_;
    asio::steady_timer timer_;
};

}  // namespace anteroom::client
