// The acceptor over loopback: batches, the end of it, and what cannot be served.
#include "loop.hpp"
#include <anteroom/net/acceptor.hpp>
#include <anteroom/net/listener.hpp>

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace anteroom;
using anteroom::unit::run_ready;
using net::descriptor;

namespace {

struct sink final : net::connection_sink {
    std::vector<descriptor> all;
    std::function<void()> then;

    void accepted(descriptor socket) override {
        if (then)
            then();
        all.push_back(std::move(socket));
    }
};

struct house {
    house() { door.start(); }
    ~house() {
        door.stop();
        run_ready(home);
    }

    descriptor connect() const {
        auto const port = std::stoi(place.local().substr(place.local().rfind(':') + 1));
        auto const at = net::parse_address("127.0.0.1:" + std::to_string(port));
        descriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(::connect(made.get(), at->endpoint.data(), static_cast<socklen_t>(at->endpoint.size())) == 0);
        return made;
    }
    /// Runs the loop until so many are accepted.
    void run_until(std::size_t count) {
        while (guests.all.size() < count)
            REQUIRE(home.io().run_one_for(std::chrono::seconds(20)) == 1);
    }

    shard home{0};
    sink guests;
    net::listener place{*net::parse_address("127.0.0.1:0"), 1,
                        net::peer_timeouts{milliseconds(6000), milliseconds(9000)}};
    net::acceptor door{home, place.take(0), guests};
};

}  // namespace

TEST_CASE("an accepted socket does not block, is not inherited, and sends at once") {
    house at;
    auto const guest = at.connect();
    at.run_until(1);
    int const socket = at.guests.all[0].get();
    CHECK((::fcntl(socket, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((::fcntl(socket, F_GETFD) & FD_CLOEXEC) != 0);
    int no_delay = 0;
    socklen_t size = sizeof no_delay;
    REQUIRE(::getsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size) == 0);
    CHECK(no_delay != 0);
    REQUIRE(::send(guest.get(), "x", 1, MSG_NOSIGNAL) == 1);
    char byte = 0;
    pollfd readable{socket, POLLIN, 0};
    REQUIRE(::poll(&readable, 1, 20'000) == 1);
    CHECK(::recv(socket, &byte, 1, 0) == 1);
}

TEST_CASE("an accepted socket notices a peer that has vanished") {
    house at;
    auto const guest = at.connect();
    at.run_until(1);
    auto const option = [&](int level, int name) {
        int value = -1;
        socklen_t size = sizeof value;
        REQUIRE(::getsockopt(at.guests.all[0].get(), level, name, &value, &size) == 0);
        return value;
    };
    CHECK(option(IPPROTO_TCP, TCP_USER_TIMEOUT) == 6000);
    CHECK(option(SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(option(IPPROTO_TCP, TCP_KEEPIDLE) == 3);
    CHECK(option(IPPROTO_TCP, TCP_KEEPINTVL) == 1);
}

TEST_CASE("connections are accepted in batches, between which other work of the shard has its turn") {
    house at;
    std::vector<descriptor> guests;
    for (int i = 0; i < 200; ++i)
        guests.push_back(at.connect());
    std::size_t before = 0;
    std::size_t most = 0;
    std::function<void()> const look = [&] {
        most = std::max(most, at.guests.all.size() - before);
        before = at.guests.all.size();
        if (before < guests.size())
            asio::post(at.home.io(), look);
    };
    asio::post(at.home.io(), look);
    at.run_until(guests.size());
    REQUIRE(run_ready(at.home));
    CHECK(at.guests.all.size() == guests.size());
    CHECK(most <= 64);
    // It accepts still.
    auto const last = at.connect();
    at.run_until(guests.size() + 1);
}

TEST_CASE("an acceptor that was stopped accepts nobody, and leaves the loop nothing to wait for") {
    house at;
    auto const guest = at.connect();
    bool const from_within = GENERATE(false, true);
    if (from_within) {
        auto const other = at.connect();
        at.guests.then = [&] { at.door.stop(); };
        at.run_until(1);
    } else {
        at.door.stop();
    }
    at.home.io().run_for(std::chrono::seconds(20));
    CHECK(at.home.io().stopped());
    CHECK(at.guests.all.size() == (from_within ? 1 : 0));
}

TEST_CASE("a connection that cannot be served is dropped, and the next is accepted after a while") {
    house at;
    int calls = 0;
    at.guests.then = [&] {
        if (++calls == 1)
            throw std::runtime_error("expected");
    };
    auto const first = at.connect();
    auto const second = at.connect();
    at.run_until(1);
    CHECK(calls == 2);
    char byte = 0;
    CHECK(::recv(first.get(), &byte, 1, 0) == 0);  // closed
}

TEST_CASE("an acceptor that is paused can be stopped") {
    house at;
    at.guests.then = [] { throw std::runtime_error("expected"); };
    auto const guest = at.connect();
    REQUIRE(at.home.io().run_one_for(std::chrono::seconds(20)) == 1);
    at.door.stop();
    at.home.io().run_for(std::chrono::seconds(20));
    CHECK(at.home.io().stopped());
}

TEST_CASE("when the process is out of descriptors, connections wait until there are some again") {
    house at;
    auto const guest = at.connect();
    int const next = ::fcntl(guest.get(), F_DUPFD_CLOEXEC, 0);
    REQUIRE(next >= 0);
    ::close(next);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit less = before;
    less.rlim_cur = static_cast<rlim_t>(next);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &less) == 0);
    while (at.home.io().poll_one() > 0) {
    }
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(at.guests.all.empty());
    at.run_until(1);
}
