// A drain, at each place where a session waits: what was asked is answered, and nothing is broken off.
#include "http/waiting_handlers.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using http::stop_reason;
using std::chrono::seconds;

namespace {

constexpr auto close_field = "\r\nConnection: close\r\n";

bool says_close(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 200 ") && answer.find(close_field) != answer.npos;
}

}  // namespace

TEST_CASE("a drain closes connections that are idle, or have sent nothing yet") {
    scripted_house it;
    client fresh(it.sessions);
    client idle(it.sessions);
    idle.send(get("/a"));
    idle.receive();
    it.sessions.drain();
    CHECK(it.sessions.draining());
    CHECK(fresh.receive().empty());
    CHECK(fresh.is_closed());
    CHECK(idle.receive().empty());
    CHECK(idle.is_closed());
    CHECK(closed(it) == 2);
}

TEST_CASE("a crowd is drained in portions, also where some of it leave meanwhile") {
    constexpr std::size_t crowd_size = 1000;
    scripted_house it;
    gate never(it.home.get_executor());
    std::vector<http::session*> waiting;
    std::vector<stop_reason> why(crowd_size);
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        auto& mine = why[waiting.size()];
        waiting.push_back(&to);
        return wait_stoppable(to, std::move(asked), never, mine);
    };
    std::vector<std::unique_ptr<client>> crowd;
    for (std::size_t i = 0; i < crowd_size; ++i) {
        crowd.push_back(std::make_unique<client>(it.sessions));
        crowd.back()->send(get("/a"));
    }
    REQUIRE(waiting.size() == crowd_size);
    it.sessions.drain();
    auto const stopped =
        std::ranges::count_if(waiting, [](auto* each) { return each->stopped() != stop_reason::none; });
    CHECK(stopped > 0);
    CHECK(stopped < 200);
    // The next in line.
    for (std::size_t i = 120; i < 140; ++i)
        crowd[i]->stream().close();
    client late(it.sessions);
    it.run();
    CHECK(std::ranges::count(why, stop_reason::draining) >= static_cast<std::ptrdiff_t>(crowd_size - 20));
    CHECK(std::ranges::count(why, stop_reason::none) == 0);
    CHECK(says_close(crowd.back()->receive()));
    CHECK(late.is_closed());
}

TEST_CASE("a drain does not close a connection over a request that has come already") {
    scripted_house it;
    client fresh(it.sessions);
    client idle(it.sessions);
    idle.send(get("/a"));
    idle.receive();
    fresh.write(get("/b"));
    idle.write(get("/c"));
    it.sessions.drain();
    CHECK(says_close(fresh.receive()));
    CHECK(says_close(idle.receive()));
    CHECK(it.service.targets == std::vector<std::string>{"/a", "/b", "/c"});
}

TEST_CASE("a drain leaves a client that is expected to poll again its connection for a moment") {
    scripted_house it;
    it.service.on_request = [](http::session& to, http::request_ptr asked) {
        if (asked->target == "/poll")
            to.expect_poll();
        return echo(to, std::move(asked));
    };
    client polls(it.sessions);
    client leaves(it.sessions);
    client silent(it.sessions);
    for (auto* each : {&polls, &leaves, &silent}) {
        each->send(get("/poll"));
        each->receive();
    }
    it.sessions.drain();
    for (auto* each : {&polls, &leaves, &silent})
        CHECK_FALSE(each->is_closed());
    leaves.send(get("/other"));
    CHECK(says_close(leaves.receive()));
    CHECK(leaves.is_closed());
    it.advance(milliseconds(800));
    polls.send(get("/poll"));
    CHECK(bodies(polls.receive()) == std::vector<std::string>{"/poll"});
    CHECK_FALSE(polls.is_closed());
    it.advance(milliseconds(800));
    CHECK(silent.is_closed());
    CHECK_FALSE(polls.is_closed());
    polls.send(get("/last"));
    CHECK(says_close(polls.receive()));
    CHECK(polls.is_closed());
}

TEST_CASE("a connection that is accepted during a drain is closed, or answered for the last time") {
    scripted_house it;
    it.sessions.drain();
    client silent(it.sessions);
    it.run();
    CHECK(silent.is_closed());
    client asking(it.sessions);
    asking.send(get("/a") + get("/b"));
    auto const got = asking.receive();
    CHECK(says_close(got));
    CHECK(bodies(got) == std::vector<std::string>{"/a"});
    CHECK(asking.is_closed());
}

TEST_CASE("a request that has come in part is answered in a drain when it is whole in time") {
    for (auto const& [first, second] : {std::pair{"GET /a HTTP/1.1\r\n", "Host: a\r\n\r\n"},
                                        std::pair{"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n", "hi"},
                                        std::pair{"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nh", "i"}}) {
        scripted_house it;
        client who(it.sessions);
        who.send(first);
        it.sessions.drain();
        it.run();
        CHECK_FALSE(who.is_closed());
        who.send(second);
        CHECK(says_close(who.receive()));
        CHECK(who.is_closed());
    }
}

TEST_CASE("a request that keeps coming in parts does not hold up a drain for longer than its patience") {
    scripted_house it;
    client who(it.sessions);
    SECTION("its head was there in part") {
        who.send("POST /a HTTP/1.1\r\n");
        it.sessions.drain();
        who.send("Host: a\r\nContent-Length: 2\r\n\r\nh");
    }
    SECTION("its first bytes came just before") {
        who.send(get("/b"));
        who.receive();
        who.write("POST /a HTTP/1.1\r\n");
        it.sessions.drain();
    }
    it.run();
    CHECK_FALSE(who.is_closed());
    it.advance(seconds(1));
    CHECK(who.receive().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("a drain stops a handler that waits, which answers; what is pipelined behind it is dropped") {
    scripted_house it;
    gate change(it.home.get_executor());
    auto why = stop_reason::none;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_stoppable(to, std::move(asked), change, why);
    };
    client who(it.sessions);
    who.send(get("/a") + get("/b"));
    CHECK(change.waiters() == 1);
    it.sessions.drain();
    auto const got = who.receive();
    CHECK(why == stop_reason::draining);
    CHECK(says_close(got));
    CHECK(bodies(got) == std::vector<std::string>{"/a"});
    CHECK(who.is_closed());
}

TEST_CASE("a handler that is about to wait in a drain is stopped from the start") {
    scripted_house it;
    gate change(it.home.get_executor());
    auto why = stop_reason::none;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        it.sessions.drain();
        return wait_stoppable(to, std::move(asked), change, why);
    };
    client who(it.sessions);
    who.send(get("/a"));
    CHECK(why == stop_reason::draining);
    CHECK(says_close(who.receive()));
}

TEST_CASE("what is not to be interrupted is waited for in a drain") {
    scripted_house it;
    gate journal(it.home.get_executor());
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_then_echo(to, std::move(asked), journal);
    };
    client who(it.sessions);
    who.send(get("/a"));
    it.sessions.drain();
    CHECK(who.receive().empty());
    CHECK_FALSE(who.is_closed());
    journal.open();
    CHECK(says_close(who.receive()));
    CHECK(who.is_closed());
}

TEST_CASE("an answer that is being written is written to its end in a drain") {
    scripted_house it;
    client who(it.sessions);
    who.limit(10);
    who.send(get("/a") + get("/b"));
    it.sessions.drain();
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/a"});
    CHECK(who.is_closed());
}

TEST_CASE("a drain leaves a session that lingers to it") {
    scripted_house it;
    client who(it.sessions);
    who.send("nonsense\r\n\r\n");
    it.sessions.drain();
    it.run();
    CHECK(closed(it) == 0);
    it.advance(seconds(2));
    CHECK(closed(it) == 1);
}

TEST_CASE("a drain that comes while others have their turn ends the session behind the last answer") {
    scripted_house it;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        if (it.service.targets.size() == before_yield)
            asio::post(it.home.io(), [&] { it.sessions.drain(); });
        return echo(to, std::move(asked));
    };
    client who(it.sessions);
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += get("/a");
    who.send(many);
    auto const got = bodies(who.receive());
    CHECK(got.size() == it.service.targets.size());
    CHECK(got.size() == before_yield);
    CHECK(who.is_closed());
}

TEST_CASE("the end of the last session is reported, at once where there is none") {
    scripted_house it;
    int ended = 0;
    auto const notify = [](void* count) { ++*static_cast<int*>(count); };
    SECTION("none") {
        it.sessions.drain();
        it.sessions.on_empty(notify, &ended);
        CHECK(ended == 0);
        it.run();
    }
    SECTION("one that waits") {
        gate journal(it.home.get_executor());
        it.service.on_request = [&](http::session& to, http::request_ptr asked) {
            return wait_then_echo(to, std::move(asked), journal);
        };
        client idle(it.sessions);
        client who(it.sessions);
        who.send(get("/a"));
        it.sessions.drain();
        it.sessions.on_empty(notify, &ended);
        it.run();
        CHECK(ended == 0);
        journal.open();
        who.run();
        who.hang_up();
    }
    CHECK(ended == 1);
}
