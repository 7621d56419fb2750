// The poller over socket pairs: each change is reported once, and never to a watcher that has been removed.
#include "loop.hpp"
#include <anteroom/net/poller.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

using namespace anteroom;
using namespace anteroom::net;
using anteroom::unit::run_ready;

namespace {

// One end of a pair of connected sockets.
class end_point {
  public:
    explicit end_point(int socket) noexcept : socket_(socket) {}
    end_point(end_point&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    end_point& operator=(end_point&&) = delete;
    ~end_point() { close(); }

    int get() const noexcept { return socket_; }
    void close() noexcept {
        if (socket_ >= 0)
            ::close(std::exchange(socket_, -1));
    }
    void send(std::string_view text) const { REQUIRE(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) > 0); }
    std::size_t fill() const {
        std::vector<char> const bytes(64 * 1024, 'x');
        std::size_t sum = 0;
        for (;;) {
            auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return sum;
            sum += static_cast<std::size_t>(sent);
        }
    }
    std::size_t drain() const {
        std::vector<char> bytes(64 * 1024);
        std::size_t sum = 0;
        for (;;) {
            auto const got = ::recv(socket_, bytes.data(), bytes.size(), 0);
            if (got <= 0)
                return sum;
            sum += static_cast<std::size_t>(got);
        }
    }

  private:
    int socket_;
};

std::pair<end_point, end_point> make_pair() {
    int both[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both) == 0);
    return {end_point(both[0]), end_point(both[1])};
}

struct witness final : poller::watcher {
    std::vector<readiness> told;
    std::function<void()> then;

    void ready(readiness what) override {
        told.push_back(what);
        if (then)
            then();
    }
};

struct watched_pair {
    watched_pair() { REQUIRE(sockets.add(near.get(), who)); }
    ~watched_pair() {
        sockets.stop();
        run_ready(home);
    }

    // The reports since the last call.
    std::vector<readiness> look() {
        REQUIRE(run_ready(home));
        return std::exchange(who.told, {});
    }

    shard home{0};
    poller sockets{home.io()};
    std::pair<end_point, end_point> both = make_pair();
    end_point& near = both.first;
    end_point& far = both.second;
    witness who;
};

}  // namespace

TEST_CASE("the state of a socket is reported when it is added") {
    watched_pair it;
    auto const told = it.look();
    REQUIRE(told.size() == 1);
    CHECK(told.front().writable);
    CHECK_FALSE(told.front().readable);
    CHECK_FALSE(told.front().hung_up);
}

TEST_CASE("input is reported once each time some arrives") {
    watched_pair it;
    it.look();
    it.far.send("one");
    auto told = it.look();
    REQUIRE(told.size() == 1);
    CHECK(told.front().readable);
    CHECK_FALSE(told.front().hung_up);
    CHECK(it.look().empty());  // unread, but no new input
    it.far.send("two");
    told = it.look();
    REQUIRE(told.size() == 1);
    CHECK(told.front().readable);
    CHECK(it.near.drain() == 6);
    CHECK(it.look().empty());
}

TEST_CASE("space for output is reported once it is available again") {
    watched_pair it;
    it.look();
    CHECK(it.near.fill() > 0);
    CHECK(it.look().empty());
    CHECK(it.far.drain() > 0);
    auto const told = it.look();
    REQUIRE_FALSE(told.empty());
    CHECK(told.back().writable);
    CHECK_FALSE(told.back().hung_up);
}

TEST_CASE("a hang-up is reported, and as readable") {
    watched_pair it;
    it.look();
    bool const shut_down_only = GENERATE(false, true);
    it.far.send("last words");
    if (shut_down_only)
        REQUIRE(::shutdown(it.far.get(), SHUT_WR) == 0);
    else
        it.far.close();
    auto const told = it.look();
    REQUIRE_FALSE(told.empty());
    CHECK(told.back().hung_up);
    CHECK(told.back().readable);
    CHECK(it.near.drain() == 10);
}

TEST_CASE("a socket that cannot be watched is refused") {
    watched_pair it;
    witness other;
    CHECK_FALSE(it.sockets.add(-1, other));
}

TEST_CASE("a watcher that is removed while a batch is dispatched gets no report") {
    shard home(0);
    poller sockets(home.io());
    struct member {
        std::pair<end_point, end_point> both = make_pair();
        witness who;
    };
    std::vector<std::unique_ptr<member>> crowd;
    for (int i = 0; i < 100; ++i) {
        crowd.push_back(std::make_unique<member>());
        REQUIRE(sockets.add(crowd.back()->both.first.get(), crowd.back()->who));
    }
    REQUIRE(run_ready(home));
    int told = 0;
    // The first watcher that gets a report destroys all the others, and with them their pending reports.
    for (auto& each : crowd) {
        each->both.second.send("x");
        each->who.then = [&, self = each.get()] {
            ++told;
            std::erase_if(crowd, [&](auto const& other) {
                if (other.get() == self)
                    return false;
                sockets.remove(other->who);
                return true;
            });
        };
    }
    REQUIRE(run_ready(home));
    CHECK(told == 1);
    REQUIRE(crowd.size() == 1);
    // The remaining one is still watched.
    crowd.front()->both.second.send("y");
    REQUIRE(run_ready(home));
    CHECK(told == 2);
    sockets.stop();
    run_ready(home);
}

TEST_CASE("more sockets than fit in one batch are all reported") {
    shard home(0);
    poller sockets(home.io());
    std::vector<std::pair<end_point, end_point>> pairs;
    std::vector<witness> crowd(700);
    for (auto& each : crowd) {
        pairs.push_back(make_pair());
        REQUIRE(sockets.add(pairs.back().first.get(), each));
    }
    REQUIRE(run_ready(home));
    for (auto const& each : crowd)
        REQUIRE(each.told.size() == 1);
    for (auto const& each : pairs)
        each.second.send("x");
    REQUIRE(run_ready(home));
    for (auto const& each : crowd)
        REQUIRE(each.told.size() == 2);
    sockets.stop();
    run_ready(home);
}

TEST_CASE("a stopped poller leaves the loop no outstanding work, even when stopped from within") {
    shard home(0);
    poller sockets(home.io());
    auto const both = make_pair();
    witness who;
    who.then = [&] { sockets.stop(); };
    REQUIRE(sockets.add(both.first.get(), who));
    home.io().run_for(std::chrono::seconds(20));
    CHECK(home.io().stopped());
    CHECK(who.told.size() == 1);
}
