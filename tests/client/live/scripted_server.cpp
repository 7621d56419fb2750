#include "scripted_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <array>
#include <limits>
#include <memory>

namespace anteroom::live {

namespace {

using tcp = asio::ip::tcp;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

tcp::endpoint loopback(unsigned short port = 0) {
    return {asio::ip::address_v4::loopback(), port};
}

struct pair_of_sockets {
    pair_of_sockets(tcp::socket a, tcp::socket b) : client(std::move(a)), server(std::move(b)) {}
    void close() {
        client.close();
        server.close();
    }
    tcp::socket client;
    tcp::socket server;
};

// Copies until one side closes or for `budget` bytes; then closes both connections.
asio::awaitable<void> pump(std::shared_ptr<pair_of_sockets> both, bool to_client, std::size_t budget) {
    auto& from = to_client ? both->server : both->client;
    auto& to = to_client ? both->client : both->server;
    std::array<char, 4096> bytes{};
    while (budget > 0) {
        auto const room = asio::buffer(bytes.data(), std::min(budget, bytes.size()));
        auto [ec, count] = co_await from.async_read_some(room, as_value);
        if (ec)
            break;
        auto const what = asio::buffer(bytes.data(), count);
        auto [failed, sent] = co_await asio::async_write(to, what, as_value);
        if (failed)
            break;
        budget -= sent;
    }
    both->close();
}

}  // namespace

scripted_server::scripted_server(asio::io_context& io) : acceptor_(io, loopback()) {}

std::string scripted_server::url() const {
    return fmt::format("http://127.0.0.1:{}", acceptor_.local_endpoint().port());
}

asio::awaitable<std::string> scripted_server::request() {
    for (;;) {
        if (!peer_) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            peer_.emplace(std::move(socket));
            unread_.clear();
        }
        auto buffer = asio::dynamic_buffer(unread_);
        auto [ec, size] = co_await asio::async_read_until(*peer_, buffer, "\r\n\r\n", as_value);
        if (ec) {
            peer_.reset();
            continue;
        }
        std::size_t body = 0;
        if (auto const length = unread_.find("Content-Length: "); length < size)
            body = std::stoul(unread_.substr(length + 16));
        while (unread_.size() < size + body) {
            std::array<char, 1024> bytes{};
            auto const count = co_await peer_->async_read_some(asio::buffer(bytes), asio::use_awaitable);
            unread_.append(bytes.data(), count);
        }
        auto out = unread_.substr(0, size + body);
        unread_.erase(0, size + body);
        co_return out;
    }
}

asio::awaitable<void> scripted_server::send(std::string bytes) {
    auto const what = asio::buffer(bytes);
    co_await asio::async_write(*peer_, what, asio::use_awaitable);
}

asio::awaitable<void> scripted_server::respond(std::string status, std::string body, std::string fields) {
    auto bytes = fmt::format("HTTP/1.1 {}\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}", status,
                             fields, body.size(), body);
    return send(std::move(bytes));
}

cutting_proxy::cutting_proxy(asio::io_context& io, unsigned short server_port, unsigned seed)
    : acceptor_(io, loopback()), server_port_(server_port), random_(seed) {
    asio::co_spawn(io, accept(), asio::detached);
}

std::string cutting_proxy::url() const {
    return fmt::format("http://127.0.0.1:{}", acceptor_.local_endpoint().port());
}

asio::awaitable<void> cutting_proxy::accept() {
    auto const executor = co_await asio::this_coro::executor;
    for (;;) {
        auto client = co_await acceptor_.async_accept(asio::use_awaitable);
        auto serving = serve(std::move(client));
        asio::co_spawn(executor, std::move(serving), asio::detached);
    }
}

asio::awaitable<void> cutting_proxy::serve(tcp::socket client) {
    auto const executor = co_await asio::this_coro::executor;
    tcp::socket server(executor);
    co_await server.async_connect(loopback(server_port_), asio::use_awaitable);
    // One connection in eight gets no response byte at all, the others are cut within the first 2,500 bytes.
    auto const roll = random_();
    auto budget = roll % 8 == 0 ? 0 : std::uniform_int_distribution<std::size_t>(1, 2500)(random_);
    if (pass_through_)
        budget = std::numeric_limits<std::size_t>::max();
    else
        ++cuts_;
    if (hints_) {
        static constexpr std::string_view interim =
            "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
        co_await client.async_wait(tcp::socket::wait_read, as_value);
        auto const what = asio::buffer(interim);
        co_await asio::async_write(client, what, as_value);
    }
    auto both = std::make_shared<pair_of_sockets>(std::move(client), std::move(server));
    auto there = pump(both, false, std::numeric_limits<std::size_t>::max());
    asio::co_spawn(executor, std::move(there), asio::detached);
    if (budget == 0) {
        // The request reaches the server, its response does not reach the client.
        co_await both->server.async_wait(tcp::socket::wait_read, as_value);
        both->close();
        co_return;
    }
    co_await pump(both, true, budget);
}

}  // namespace anteroom::live
