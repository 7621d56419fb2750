#include <anteroom/client/server_connection.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <vector>

// Coroutines here are awaited where they are called, by the owner of what they refer to.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace anteroom::client {

namespace {

using endpoints = std::vector<asio::generic::stream_protocol::endpoint>;

// Numeric addresses bypass the resolver, which blocks a thread and cannot be interrupted.
asio::awaitable<error_code> resolve(server_url const& to, endpoints& into) {
    if (to.is_unix()) {
        into.emplace_back(asio::local::stream_protocol::endpoint(to.unix_path));
        co_return error_code();
    }
    error_code ec;
    auto const address = asio::ip::make_address(to.host, ec);
    if (!ec) {
        into.emplace_back(asio::ip::tcp::endpoint(address, to.port));
        co_return error_code();
    }
    auto const executor = co_await asio::this_coro::executor;
    asio::ip::tcp::resolver resolver(executor);
    auto const port = std::to_string(to.port);
    auto [failed, found] = co_await resolver.async_resolve(to.host, port, as_value);
    for (auto const& each : found)
        into.emplace_back(each.endpoint());
    co_return failed;
}

}  // namespace

socket_deadline::socket_deadline(asio::steady_timer& timer, socket& what, time_point at)
    : timer_(timer), expired_(std::make_shared<bool>(false)), target_(std::make_shared<socket*>(&what)) {
    timer_.expires_at(at);
    timer_.async_wait([expired = expired_, target = target_](error_code ec) {
        // This object may have been destroyed while the completion was queued.
        if (ec || *target == nullptr)
            return;
        *expired = true;
        error_code ignored;
        (*target)->close(ignored);
    });
}

socket_deadline::~socket_deadline() {
    *target_ = nullptr;
    timer_.cancel();
}

error_code socket_deadline::translate(error_code ec) const noexcept {
    return ec && expired() ? error_code(asio::error::timed_out) : ec;
}

asio::awaitable<error_code> server_connection::connect(server_url const& to, time_point until) {
    close();
    endpoints found;
    error_code ec = co_await resolve(to, found);
    if (ec)
        co_return ec;
    socket_deadline const bound(timer_, socket_, until);
    ec = asio::error::host_not_found;
    for (auto const& each : found) {
        close();
        auto [failed] = co_await socket_.async_connect(each, as_value);
        ec = failed;
        if (!ec || bound.expired() || ec == asio::error::operation_aborted)
            break;
    }
    if (ec) {
        ec = bound.translate(ec);
        close();
    } else if (!to.is_unix()) {
        error_code ignored;
        socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    }
    co_return ec;
}

asio::awaitable<error_code> server_connection::send(std::string_view bytes, time_point until) {
    socket_deadline const bound(timer_, socket_, until);
    auto const buffer = asio::buffer(bytes.data(), bytes.size());
    auto [ec, sent] = co_await asio::async_write(socket_, buffer, as_value);
    co_return bound.translate(ec);
}

asio::awaitable<error_code> server_connection::receive(std::string& into, time_point until) {
    constexpr std::size_t most = 64UL << 10U;
    socket_deadline const bound(timer_, socket_, until);
    auto const before = into.size();
    into.resize(before + most);
    auto const buffer = asio::buffer(into.data() + before, most);
    auto [ec, got] = co_await socket_.async_read_some(buffer, as_value);
    into.resize(before + got);
    co_return bound.translate(ec);
}

void server_connection::close() noexcept {
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace anteroom::client
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
