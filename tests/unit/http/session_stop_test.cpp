// What stops a handler that waits: each reason, before the operation starts and after, and what comes of it.
#include "http/waiting_handlers.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using http::stop_reason;
using std::chrono::seconds;

namespace {

/// Waits again and again, each time until it is stopped or the gate is opened, as often as it is asked to.
awaitable<> wait_often(http::session& to, int times, gate& until, std::vector<stop_reason>& why) {
    for (int i = 0; i < times; ++i) {
        to.stop_after(seconds(20));
        if (to.stopped() == stop_reason::none)
            co_await until.async_wait(to.stoppable());
        why.push_back(to.stopped());
    }
    to.send(http::json_response(200, "done"));
}

/// Starts to wait though it has been stopped: a handler that does not ask before its first wait, which ends by itself.
awaitable<> wait_unasked(http::session& to, gate& until, stop_reason& before) {
    to.stop_after(seconds(20));
    before = to.stopped();
    co_await until.async_wait(to.stoppable());
    to.send(http::json_response(200, "done"));
}

/// A house whose handler waits, and what stopped it.
struct waiting_house : scripted_house {
    gate change{home.get_executor()};
    stop_reason why = stop_reason::none;
    http::session* waits = nullptr;

    waiting_house() {
        service.on_request = [this](http::session& to, http::request_ptr asked) {
            if (asked->target == "/cancel") {
                waits->cancel();
                return echo(to, std::move(asked));
            }
            waits = &to;
            return wait_stoppable(to, std::move(asked), change, why);
        };
    }
};

}  // namespace

TEST_CASE("what a handler waits for comes, and nothing stops it") {
    waiting_house it;
    client who(it.sessions);
    who.send(get("/a"));
    it.advance(seconds(19));
    CHECK(who.receive().empty());
    it.change.open();
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/a"});
    CHECK(it.why == stop_reason::none);
}

TEST_CASE("time stops a handler") {
    waiting_house it;
    client who(it.sessions);
    who.send(get("/a"));
    it.advance(seconds(20));
    CHECK(it.why == stop_reason::timed_out);
    CHECK(it.change.waiters() == 0);
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/a"});
    // Its deadline is that of an idle connection now.
    it.advance(it.options.idle_timeout - seconds(1));
    CHECK_FALSE(who.is_closed());
}

TEST_CASE("one handler cancels another") {
    waiting_house it;
    client who(it.sessions);
    client other(it.sessions);
    who.send(get("/a"));
    other.send(get("/cancel"));
    CHECK(it.why == stop_reason::cancelled);
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/a"});
    CHECK(bodies(other.receive()) == std::vector<std::string>{"/cancel"});
    // What does not wait is not cancelled.
    it.why = stop_reason::none;
    other.send(get("/cancel"));
    who.send(get("/b"));
    it.change.open();
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/b"});
    CHECK(it.why == stop_reason::none);
}

TEST_CASE("only the first of several reasons counts") {
    waiting_house it;
    client who(it.sessions);
    who.send(get("/a"));
    SECTION("a cancellation before a drain") {
        it.waits->cancel();
        it.sessions.drain();
        it.waits->cancel();
        it.run();
        CHECK(it.why == stop_reason::cancelled);
    }
    SECTION("a drain before a time-out") {
        it.sessions.drain();
        it.expire_after(seconds(20));
        it.run();
        CHECK(it.why == stop_reason::draining);
    }
    SECTION("a time-out before a hang-up") {
        it.expire_after(seconds(20));
        who.hang_up();
        CHECK(it.why == stop_reason::timed_out);
    }
    CHECK(it.change.waiters() == 0);
}

TEST_CASE("what a handler waits for comes at the same time as what stops it") {
    waiting_house it;
    client who(it.sessions);
    who.send(get("/a"));
    SECTION("first") {
        it.change.open();
        it.waits->cancel();
    }
    SECTION("second") {
        it.waits->cancel();
        it.change.open();
    }
    it.run();
    CHECK(it.why == stop_reason::cancelled);
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/a"});
}

TEST_CASE("a handler waits several times, and is stopped each time for another reason") {
    scripted_house it;
    gate change(it.home.get_executor());
    std::vector<stop_reason> why;
    it.service.on_request = [&](http::session& to, http::request_ptr) { return wait_often(to, 4, change, why); };
    client who(it.sessions);
    who.send(get("/a"));
    it.advance(seconds(20));
    change.open();
    it.run();
    it.sessions.drain();
    it.run();
    // Of the last wait it knows from the start.
    CHECK(why == std::vector{stop_reason::timed_out, stop_reason::none, stop_reason::draining, stop_reason::draining});
    CHECK(bodies(who.receive()) == std::vector<std::string>{"done"});
}

TEST_CASE("a handler is stopped from the start") {
    scripted_house it;
    gate change(it.home.get_executor());
    auto before = stop_reason::none;
    bool upgrades = false;
    it.service.on_request = [&](http::session& to, http::request_ptr) {
        if (upgrades)
            to.upgrade("Upgrade: x\r\n");
        return wait_unasked(to, change, before);
    };
    client who(it.sessions);
    who.write(get("/a"));
    SECTION("by a drain") {
        it.sessions.drain();
        it.run();
        CHECK(before == stop_reason::draining);
    }
    SECTION("by a hang-up") {
        who.shut_down();
        CHECK(before == stop_reason::hung_up);
    }
    SECTION("by input behind an upgrade") {
        upgrades = true;
        who.send("more");
        CHECK(before == stop_reason::input);
    }
    SECTION("by the end of the input behind an upgrade") {
        upgrades = true;
        who.shut_down();
        CHECK(before == stop_reason::input);
    }
    CHECK(change.waiters() == 1);
    change.open();
    it.run();
}

TEST_CASE("input that comes while a handler waits is left for its turn") {
    waiting_house it;
    client who(it.sessions);
    who.send(get("/a"));
    who.send(get("/b"));
    CHECK(it.why == stop_reason::none);
    CHECK(it.change.waiters() == 1);
    it.change.open();
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/a"});
    CHECK(it.change.waiters() == 1);
    it.change.open();
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/b"});
}
