// Asks a server by HTTP, over one connection that is kept as long as the server keeps it.
#pragma once

#include <anteroom/client/response.hpp>
#include <anteroom/client/server_connection.hpp>

#include <string>
#include <utility>
#include <vector>

namespace anteroom::client {

struct request {
    std::string method = "GET";
    std::string target;  ///< a path of the contract, with its query
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
};

/// A request as it goes over the wire.
std::string to_wire(request const& what, server_url const& to);

/// One call at a time. An error is of errc::unreachable or errc::timed_out, and closes the connection; a cancelled call
/// ends as Asio has it, and whoever started it closes.
class caller {
  public:
    caller(asio::any_io_executor const& on, server_url to) : to_(std::move(to)), connection_(on) {}

    /// Sends a request and waits for all of the answer. A connection that was kept and turns out to be closed is
    /// replaced once, so the request must be one that may be sent twice.
    asio::awaitable<result<answer>> call(request const& what, time_point until);

    /// The same, up to the answer's head: more() gives the body.
    asio::awaitable<result<answer>> open(request const& what, time_point until);

    /// The next bytes of the body; empty at its end.
    asio::awaitable<result<std::string>> more(time_point until);

    void close() noexcept { connection_.close(); }
    bool is_open() const noexcept { return connection_.is_open(); }
    server_url const& to() const noexcept { return to_; }

  private:
    asio::awaitable<error_code> send_and_read_head(std::string const& wire, time_point until);
    asio::awaitable<error_code> read_more(time_point until);
    error unreachable(error_code ec);

    server_url to_;
    connection connection_;
    std::string unread_;
    answer_parser parser_;
    bool answered_ = false;  // whether a byte of this answer came
};

/// Words for why a server could not be reached.
std::string explain(server_url const& to, error_code ec);

}  // namespace anteroom::client
