// What connections hold while they wait is bounded, and who sends and reads as usual does not notice.
#include "http/scripted.hpp"
#include <anteroom/room/channel.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

using strings = std::vector<std::string>;

namespace {

constexpr std::size_t least = std::size_t{1} << 20U;  // what connections may always hold
constexpr std::size_t body_size = 64'000;
constexpr std::size_t too_many = 20;  // bodies

/// Connections may hold as little as possible.
struct narrow_house : scripted_house {
    narrow_house() {
        narrow.held_memory = 0;
        narrow.meter = &meter;
        worker.emplace(home, service, narrow);
    }
    ~narrow_house() {
        crowd.clear();
        worker->abort();
        run_ready(home);
        CHECK(worker->held().used() == 0);
        CHECK(meter.used() == 0);
    }
    client& connect() {
        crowd.push_back(std::make_unique<client>(*worker));
        return *crowd.back();
    }

    http::options narrow;
    memory_meter meter;
    std::optional<http::worker> worker;
    std::vector<std::unique_ptr<client>> crowd;
};

std::string half_of_body() {
    auto whole = post("/a", std::string(body_size, 'x'));
    whole.resize(whole.size() - 1);
    return whole;
}

}  // namespace

TEST_CASE("of too many incomplete requests the oldest are refused, and the others are served") {
    narrow_house it;
    it.service.cors = "X-Cors: 1\r\n";
    for (std::size_t i = 0; i < too_many; ++i) {
        it.connect().send(half_of_body());
        CHECK(it.worker->held().used() <= least);
        CHECK(it.meter.used() == it.worker->held().used());
    }
    auto const refused = it.crowd.front()->receive();
    CHECK(refused.starts_with("HTTP/1.1 503 "));
    CHECK(count(refused, "\r\nConnection: close\r\n") == 1);
    CHECK(count(refused, "\r\nRetry-After: 1\r\n") == 1);
    CHECK(count(refused, "\r\nX-Cors: 1\r\n") == 1);
    CHECK(it.crowd.front()->is_closed());
    // What is left of its body is not taken for a request.
    it.crowd.front()->send("x" + get("/b"));
    CHECK(it.crowd.front()->receive().empty());
    it.crowd.back()->send("x");
    CHECK(bodies(it.crowd.back()->receive()) == strings{"/a " + std::string(body_size, 'x')});
    // An answered request holds nothing, and its connection can be used again.
    it.crowd.back()->send(get("/b"));
    CHECK(bodies(it.crowd.back()->receive()) == strings{"/b"});
    CHECK(it.service.targets == strings{"/a", "/b"});
}

TEST_CASE("who sends a byte now and then does not become younger by that") {
    narrow_house it;
    auto& slow = it.connect();
    slow.send(post("/slow", std::string(body_size, 'x')).substr(0, 10'000));
    for (std::size_t i = 0; i < too_many; ++i) {
        it.connect().send(half_of_body());
        if (!slow.is_closed())
            slow.send("x");
    }
    CHECK(slow.is_closed());
}

TEST_CASE("heads that do not come to their end are held too") {
    narrow_house it;
    auto const half = get("/a", "X-A: " + std::string(15'000, 'x') + "\r\n").substr(0, 15'000);
    for (int i = 0; i < 100; ++i) {
        it.connect().send(half);
        CHECK(it.worker->held().used() <= least);
    }
    CHECK(it.crowd.front()->receive().starts_with("HTTP/1.1 503 "));
    CHECK(it.crowd.back()->receive().empty());
    it.crowd.back()->send("\r\n\r\n");
    CHECK(it.crowd.back()->receive().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("the refusal of a head that does not come to its end has a body, unless it is of HEAD") {
    for (std::string_view const method : {"GET", "HEAD"}) {
        CAPTURE(method);
        narrow_house it;
        auto half = get("/a", "X-A: " + std::string(15'000, 'x') + "\r\n").substr(0, 15'000);
        half.replace(0, 3, method);
        for (int i = 0; i < 100; ++i)
            it.connect().send(half);
        auto const refused = it.crowd.front()->receive();
        CHECK(refused.starts_with("HTTP/1.1 503 "));
        CHECK(refused.ends_with("\r\n\r\n") == (method == "HEAD"));
    }
}

TEST_CASE("a connection that does not read makes way for others that read slowly") {
    narrow_house it;
    for (std::size_t i = 0; i < too_many; ++i) {
        auto& next = it.connect();
        next.limit(100);
        next.send(post("/a", std::string(body_size, 'x')));
        CHECK(it.worker->held().used() <= least);
    }
    CHECK(bodies(it.crowd.front()->receive()).back() == "half");
    CHECK(it.crowd.front()->is_closed());
    CHECK(bodies(it.crowd.back()->receive()) == strings{"/a " + std::string(body_size, 'x')});
    it.crowd.back()->send(get("/b"));
    CHECK(bodies(it.crowd.back()->receive()) == strings{"/b"});
}

namespace {

struct large_cache final : http::connection_cache {
    explicit large_cache(int& count) : alive(count) {
        ++alive;
        set_memory(100'000);
    }
    ~large_cache() override { --alive; }
    bool fits(http::request_line const&) const noexcept override { return false; }
    int& alive;
};

}  // namespace

TEST_CASE("what is kept for the next request makes way, and the connection stays") {
    int alive = 0;
    narrow_house it;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        to.keep(std::make_unique<large_cache>(alive));
        return echo(to, std::move(asked));
    };
    for (std::size_t i = 0; i < too_many; ++i)
        it.connect().send(get("/a"));
    CHECK(alive == 10);
    CHECK(it.worker->held().used() <= least);
    for (auto const& each : it.crowd) {
        each->send(get("/b"));
        CHECK(bodies(each->receive()) == strings{"/a", "/b"});
    }
}

TEST_CASE("a handler that holds too much while it waits is stopped") {
    std::vector<http::stop_reason> stopped;
    narrow_house it;
    it.service.on_request = [&](http::session& to, http::request_ptr) -> awaitable<> {
        to.hold(100'000);
        to.stop_after(std::chrono::seconds(100));
        auto channel = std::make_shared<anteroom::channel>(std::array<shard*, 1>{&it.home});
        if (to.stopped() == http::stop_reason::none)
            co_await channel->async_wait(it.home, channel->now(), to.stoppable());
        stopped.push_back(to.stopped());
        to.send(http::json_response(200, "{}"));
    };
    for (std::size_t i = 0; i < too_many; ++i)
        it.connect().send(get("/a"));
    it.run();
    CHECK(stopped == std::vector<http::stop_reason>(10, http::stop_reason::cancelled));
    CHECK(bodies(it.crowd.front()->receive()) == strings{"{}"});
    CHECK(it.crowd.back()->receive().empty());
}

TEST_CASE("a handler that is cancelled while it does not wait learns it at its next wait") {
    narrow_house it;
    std::vector<http::stop_reason> stopped;
    it.service.on_request = [&](http::session& to, http::request_ptr) -> awaitable<> {
        for (int i = 0; i < 2; ++i) {
            to.stop_after(std::chrono::seconds(100));
            stopped.push_back(to.stopped());
            to.cancel();
        }
        to.send(http::json_response(200, "{}"));
        return {};
    };
    auto& who = it.connect();
    who.send(get("/a") + get("/b"));
    CHECK(bodies(who.receive()) == strings{"{}", "{}"});
    using enum http::stop_reason;
    CHECK(stopped == std::vector{none, cancelled, none, cancelled});
}

TEST_CASE("who makes way gets its refusal whole, however slowly it reads") {
    narrow_house it;
    auto& slow = it.connect();
    slow.limit(20);
    slow.send(half_of_body());
    for (std::size_t i = 0; i < too_many; ++i)
        it.connect().send(half_of_body());
    auto const got = slow.receive();
    CHECK(got.starts_with("HTTP/1.1 503 "));
    CHECK(bodies(got).size() == 1);
    CHECK(std::ranges::count(bodies(got), "half") == 0);
}

TEST_CASE("small requests are not counted") {
    narrow_house it;
    for (int i = 0; i < 100; ++i) {
        it.connect().send("GET /a HTTP/1.1\r\nHost: a\r\n");
        CHECK(it.worker->held().used() == 0);
    }
}
