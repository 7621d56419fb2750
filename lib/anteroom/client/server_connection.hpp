// A connection to a server, with a deadline for everything.
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

/// Of an operation that is awaited: its error code is a value, nothing is thrown.
inline constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

/// Never, as a deadline that can still be added to.
inline time_point never() noexcept {
    return std::chrono::steady_clock::now() + std::chrono::hours(24 * 365 * 10);
}

/// Closes a socket when a time comes; asio::error::operation_aborted is then what its operations end with.
class alarm {
  public:
    using socket = asio::generic::stream_protocol::socket;

    /// Both must outlive the alarm.
    alarm(asio::steady_timer& timer, socket& what, time_point at);
    alarm(alarm const&) = delete;
    alarm& operator=(alarm const&) = delete;
    ~alarm();

    bool fired() const noexcept { return *fired_; }

    /// What an operation that ended with `ec` ended with: asio::error::timed_out where this was the reason.
    error_code explain(error_code ec) const noexcept;

  private:
    asio::steady_timer& timer_;
    std::shared_ptr<bool> fired_;
    std::shared_ptr<socket*> target_;
};

class connection {
  public:
    using socket = alarm::socket;

    explicit connection(asio::any_io_executor const& on) : socket_(on), timer_(on) {}

    /// Connects, to each of a name's addresses in turn. Closes what was open.
    asio::awaitable<error_code> connect(server_url const& to, time_point until);

    /// Writes everything. The bytes must live until then.
    asio::awaitable<error_code> send(std::string_view bytes, time_point until);

    /// Appends what comes next, at least a byte.
    asio::awaitable<error_code> receive(std::string& into, time_point until);

    void close() noexcept;
    bool is_open() const noexcept { return socket_.is_open(); }

    /// For a protocol that goes on on the same socket.
    socket& raw() noexcept { return socket_; }
    asio::steady_timer& timer() noexcept { return timer_; }

  private:
    socket socket_;
    asio::steady_timer timer_;
};

}  // namespace anteroom::client
