#include <anteroom/client/http_client.hpp>

#include <boost/asio/error.hpp>
#include <fmt/format.h>

// Coroutines here are awaited where they are called, by the owner of what they refer to.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace anteroom::client {

namespace {

// Not an error of the system: what arrived is not HTTP.
error_code not_http() {
    return boost::system::errc::make_error_code(boost::system::errc::protocol_error);
}

}  // namespace

std::string describe(server_url const& to, error_code ec) {
    auto const where = to.is_unix() ? "unix:" + to.unix_path : "http://" + to.authority;
    if (ec == asio::error::eof || ec == asio::error::connection_reset || ec == asio::error::broken_pipe)
        return fmt::format("{} closed the connection", where);
    if (ec == asio::error::timed_out)
        return fmt::format("{} did not answer in time", where);
    if (ec == not_http())
        return fmt::format("the server at {} does not speak valid HTTP", where);
    return fmt::format("{} cannot be reached: {}", where, ec.message());
}

std::string to_wire(request const& what, server_url const& to) {
    auto out = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\n", what.method, to.prefix, what.target, to.authority);
    for (auto const& [name, value] : what.fields)
        out += fmt::format("{}: {}\r\n", name, value);
    if (what.method != "GET")
        out += fmt::format("Content-Length: {}\r\n", what.body.size());
    out += "\r\n";
    out += what.body;
    return out;
}

error http_client::close_with(error_code ec) {
    close();
    return {ec == asio::error::timed_out ? errc::timed_out : errc::unreachable, describe(to_, ec)};
}

asio::awaitable<error_code> http_client::read_more(time_point until) {
    if (!parser_.feed(unread_))
        co_return not_http();
    if (parser_.complete())
        co_return error_code();
    error_code ec = co_await connection_.receive(unread_, until);
    answered_ = answered_ || !ec;
    if (ec == asio::error::eof && parser_.has_head() && parser_.feed_end()) {
        close();
        co_return error_code();
    }
    if (!ec && !parser_.feed(unread_))
        ec = not_http();
    co_return ec;
}

asio::awaitable<error_code> http_client::send_and_read_head(std::string const& wire, time_point until) {
    parser_ = response_parser();
    unread_.clear();
    answered_ = false;
    error_code ec = co_await connection_.send(wire, until);
    while (!ec && !parser_.has_head())
        ec = co_await read_more(until);
    co_return ec;
}

asio::awaitable<result<response>> http_client::exchange_head(request const& what, time_point until) {
    auto const wire = to_wire(what, to_);
    bool const kept = is_open();
    error_code ec;
    if (!kept)
        ec = co_await connection_.connect(to_, until);
    if (!ec)
        ec = co_await send_and_read_head(wire, until);
    if (ec && kept && !answered_ && ec != asio::error::timed_out && ec != asio::error::operation_aborted) {
        ec = co_await connection_.connect(to_, until);
        if (!ec)
            ec = co_await send_and_read_head(wire, until);
    }
    if (ec)
        co_return close_with(ec);
    response head;
    head.status = parser_.received().status;
    head.fields = parser_.received().fields;
    co_return head;
}

asio::awaitable<result<std::string>> http_client::next_body_part(time_point until) {
    auto& body = parser_.received().body;
    error_code ec;
    while (!ec && body.empty() && !parser_.complete())
        ec = co_await read_more(until);
    if (ec)
        co_return close_with(ec);
    if (body.empty() && !parser_.keep_alive())
        close();
    co_return std::exchange(body, std::string());
}

asio::awaitable<result<response>> http_client::exchange(request const& what, time_point until) {
    auto got = co_await exchange_head(what, until);
    if (!got)
        co_return got;
    for (;;) {
        auto part = co_await next_body_part(until);
        if (!part)
            co_return part.error();
        if (part->empty())
            break;
        got->body += *part;
    }
    co_return got;
}

}  // namespace anteroom::client
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
