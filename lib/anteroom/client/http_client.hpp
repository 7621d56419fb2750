// An HTTP client over one connection, which is kept alive as long as the server keeps it open.
#pragma once

#include <anteroom/client/response.hpp>
#include <anteroom/client/server_connection.hpp>

#include <string>
#include <utility>
#include <vector>

namespace anteroom::client {

struct request {
    std::string method = "GET";
    std::string target;  ///< a path of the HTTP API, with its query
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
};

/// A request as it is sent over the wire.
std::string to_wire(request const& what, server_url const& to);

/// One call at a time. An error is errc::unreachable or errc::timed_out, and closes the connection. A cancelled call
/// ends the way Asio ends it (an exception from co_await); then the caller must close() the connection.
class http_client {
  public:
    http_client(asio::any_io_executor const& executor, server_url to) : to_(std::move(to)), connection_(executor) {}

    /// Sends a request and completes with the whole response. A kept connection that turns out to be closed is
    /// replaced once, so the request must be idempotent.
    asio::awaitable<result<response>> exchange(request const& what, time_point until);

    /// Sends a request and completes with the head of the response; next_body_part() reads the body.
    asio::awaitable<result<response>> exchange_head(request const& what, time_point until);

    /// Completes with the next bytes of the body; empty at its end.
    asio::awaitable<result<std::string>> next_body_part(time_point until);

    void close() noexcept { connection_.close(); }
    bool is_open() const noexcept { return connection_.is_open(); }
    server_url const& to() const noexcept { return to_; }

  private:
    asio::awaitable<error_code> send_and_read_head(std::string const& wire, time_point until);
    asio::awaitable<error_code> read_more(time_point until);
    error close_with(error_code ec);

    server_url to_;
    server_connection connection_;
    std::string unread_;
    response_parser parser_;
    bool answered_ = false;  // whether a byte of this response has arrived
};

/// Describes, for people, why a server could not be reached.
std::string describe(server_url const& to, error_code ec);

}  // namespace anteroom::client
