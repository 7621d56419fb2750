// Sessions that are broken off, wherever they are: all of them end.
#include "http/endless_stream.hpp"
#include "http/waiting_handlers.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using http::stop_reason;
using std::chrono::seconds;

namespace {

/// Waits for what nothing stops, and then until it is stopped.
awaitable<> wait_twice(http::session& to, http::request_ptr asked, gate& first, gate& second, stop_reason& why) {
    co_await first.async_wait();
    auto later = wait_stoppable(to, std::move(asked), second, why);
    co_await std::move(later);
}

}  // namespace

TEST_CASE("sessions that read, write, linger or are idle end when they are broken off") {
    scripted_house it;
    client fresh(it.sessions);
    client half(it.sessions);
    client half_a_body(it.sessions);
    client idle(it.sessions);
    client writing(it.sessions);
    client lingering(it.sessions);
    half.send("GET / HT");
    half_a_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    idle.send(get("/a"));
    writing.limit(10);
    writing.send(get("/a"));
    lingering.send("nonsense\r\n\r\n");
    CHECK(closed(it) == 0);
    it.sessions.abort();
    it.run();
    CHECK(closed(it) == 6);
    for (auto* each : {&fresh, &half, &half_a_body, &idle, &writing, &lingering})
        CHECK(each->is_closed());
}

TEST_CASE("a handler that waits is stopped when its session is broken off") {
    scripted_house it;
    gate change(it.home.get_executor());
    auto why = stop_reason::none;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_stoppable(to, std::move(asked), change, why);
    };
    client who(it.sessions);
    who.send(get("/a") + get("/b"));
    it.sessions.abort();
    it.run();
    CHECK(why == stop_reason::hung_up);
    CHECK(closed(it) == 1);
    CHECK(who.receive().empty());
}

TEST_CASE("a handler that waits for something else is stopped as soon as it may be") {
    scripted_house it;
    gate journal(it.home.get_executor());
    gate change(it.home.get_executor());
    auto why = stop_reason::none;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_twice(to, std::move(asked), journal, change, why);
    };
    client who(it.sessions);
    who.send(get("/a"));
    it.sessions.abort();
    it.run();
    CHECK(closed(it) == 0);
    journal.open();
    it.run();
    CHECK(why == stop_reason::hung_up);
    CHECK(change.waiters() == 0);
    CHECK(closed(it) == 1);
}

TEST_CASE("a session is broken off while others have their turn: nothing more is answered") {
    scripted_house it;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        if (it.service.targets.size() == before_yield)
            asio::post(it.home.io(), [&] { it.sessions.abort(); });
        return echo(to, std::move(asked));
    };
    client who(it.sessions);
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += get("/a");
    who.send(many);
    CHECK(it.service.targets.size() == before_yield);
    CHECK(closed(it) == 1);
}

TEST_CASE("a session is broken off while its body is read, in others' turn") {
    endless_stream::script with;
    scripted_house it;
    it.options.max_body = endless_stream::whole;
    with.on_turn = [&] { it.sessions.abort(); };
    endless_stream::start(it.sessions, with);
    it.run();
    CHECK(closed(it) == 1);
    CHECK(it.service.targets.empty());
    CHECK(with.reads == 64);
}
