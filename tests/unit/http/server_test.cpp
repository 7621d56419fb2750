// The server in this process: shards, listeners, and what a signal does.
#include "http/scripted.hpp"
#include <anteroom/http/server.hpp>
#include <anteroom/net/descriptor.hpp>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using std::chrono::seconds;

namespace {

/// Answers with the target, or with far more than a socket takes.
struct server_service final : http::service {
    awaitable<> serve(http::session& client, http::request_ptr asked) override {
        if (asked->target == "/much")
            client.send(http::json_response(200, std::string(32 * 1024 * 1024, 'm')));
        else
            return echo(client, std::move(asked));
        return {};
    }
    awaitable<> serve_again(http::session&, std::unique_ptr<http::connection_cache>,
                            http::header_fields const&) override {
        return {};
    }
    std::string refusal_fields(http::header_fields const&) override { return {}; }
};

/// A server on a thread of its own, ended by the signal that ends the program.
class running_server {
  public:
    running_server(std::size_t shards, std::string const& at, milliseconds drain_timeout) : server_(shards) {
        auto const url = server_.listen(net::parse_address(at).value());
        server_.on_phase([this](http::phase now) { phases_.push_back(now); });
        address_ = url.starts_with("http://") ? url.substr(7, url.size() - 8) : url;
        thread_ = std::thread([this, drain_timeout] { server_.run(service_, options_, drain_timeout); });
    }
    ~running_server() {
        if (thread_.joinable())
            end();
    }
    running_server(running_server const&) = delete;
    running_server& operator=(running_server const&) = delete;

    void end(int signal = SIGTERM) {
        std::raise(signal);
        thread_.join();
    }
    std::string const& address() const noexcept { return address_; }
    std::span<shard* const> shards() noexcept { return server_.shards(); }
    /// Those that it has entered; after end().
    std::vector<http::phase> const& phases() const noexcept { return phases_; }

  private:
    server_service service_;
    http::options options_;
    http::server server_;
    std::string address_;
    std::vector<http::phase> phases_;
    std::thread thread_;
};

/// A client that blocks, but not for ever.
class blocking_client {
  public:
    explicit blocking_client(std::string const& address) {
        auto const to = net::parse_address(address).value().endpoint;
        socket_ = net::descriptor(::socket(to.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
        timeval const patience{.tv_sec = 30, .tv_usec = 0};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        REQUIRE(::connect(socket_.get(), to.data(), static_cast<socklen_t>(to.size())) == 0);
    }
    void send(std::string_view text) {
        REQUIRE(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
    }
    /// Receives whole answers.
    std::vector<std::string> receive(std::size_t answers) {
        std::string got;
        for (;;) {
            auto out = bodies(got);
            if (out.size() >= answers && out.back() != "half")
                return out;
            if (receive_some(got) <= 0)
                return {"closed"};
        }
    }
    /// Waits for the end; says whether it came.
    bool is_closed() {
        std::string ignored;
        ssize_t got = 1;
        while (got > 0)
            got = receive_some(ignored);
        return got == 0 || errno == ECONNRESET;
    }

  private:
    ssize_t receive_some(std::string& into) {
        std::array<char, 64 * 1024> bytes;
        auto const got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        into.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        return got;
    }

    net::descriptor socket_;
};

}  // namespace

TEST_CASE("a server of several shards serves at a port, and ends at a signal when it is drained") {
    for (std::size_t const shards : {1U, 3U}) {
        running_server it(shards, "127.0.0.1:0", seconds(60));
        CHECK(it.shards().size() == shards);
        std::vector<std::unique_ptr<blocking_client>> clients;
        for (int i = 0; i < 12; ++i)
            clients.push_back(std::make_unique<blocking_client>(it.address()));
        for (auto& each : clients) {
            each->send(get("/a") + get("/b"));
            CHECK(each->receive(2) == std::vector<std::string>{"/a", "/b"});
        }
        it.end(shards == 1 ? SIGTERM : SIGINT);
        CHECK(it.phases() == std::vector{http::phase::serving, http::phase::draining});
        std::uint64_t opened = 0;
        std::uint64_t ended = 0;
        for (auto const* each : it.shards()) {
            opened += each->counted().get(counter::connections_opened);
            ended += each->counted().get(counter::connections_closed);
        }
        CHECK(opened == clients.size());
        CHECK(ended == clients.size());
        for (auto& each : clients)
            CHECK(each->is_closed());
    }
}

TEST_CASE("a server serves at the path of a Unix socket, which is gone with it") {
    auto const path = fmt::format("/tmp/anteroom-server-test-{}.sock", ::getpid());
    {
        running_server it(2, "unix:" + path, seconds(60));
        CHECK(it.address() == "unix:" + path);
        blocking_client who(it.address());
        who.send(get("/a"));
        CHECK(who.receive(1) == std::vector<std::string>{"/a"});
    }
    CHECK(::access(path.c_str(), F_OK) != 0);
}

TEST_CASE("what a drain does not end in time is broken off") {
    running_server it(2, "127.0.0.1:0", milliseconds(50));
    blocking_client who(it.address());
    who.send(get("/a"));
    CHECK(who.receive(1) == std::vector<std::string>{"/a"});
    // More than the sockets on both sides take together, and nobody reads it.
    who.send(get("/much"));
    it.end();
    CHECK(who.is_closed());
}

TEST_CASE("a signal that comes before a server runs ends it as soon as it does") {
    server_service service;
    http::options const options;
    http::server server(1);
    server.listen(net::parse_address("127.0.0.1:0").value());
    std::raise(SIGTERM);
    server.run(service, options, seconds(60));
    CHECK(server.shards().front()->counted().get(counter::connections_opened) == 0);
}
