// Answers that are written piece by piece, and connections that are taken over.
#include "http/waiting_handlers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <memory>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using http::stop_reason;
using std::chrono::seconds;

namespace {

void write_text(http::session& to, std::string_view text) {
    http::part const piece{text};
    to.write({&piece, 1});
}

/// Writes a piece each time the gate is opened, and ends at the third.
awaitable<> stream_three(http::session& to, gate& each) {
    for (int i = 0; i < 3; ++i) {
        write_text(to, to.chunked() ? "2\r\nhi\r\n" : "hi");
        bool const sent = co_await to.sent();
        if (!sent)
            co_return;
        co_await each.async_wait();
    }
    to.end_stream();
}

/// Echoes what comes after an upgrade, until the client's end or "bye".
awaitable<> talk(http::session& to, std::vector<stop_reason>& why) {
    for (;;) {
        if (!to.input().empty()) {
            bool const bye = to.input() == "bye";
            write_text(to, to.input());
            to.consume(to.input().size());
            if (bye)
                to.cut_off();
        }
        bool const got = to.receive();
        if (got)
            continue;
        if (to.ended() || to.failed())
            co_return;
        to.stop_after(seconds(5));
        gate never(to.shard().get_executor());
        if (to.stopped() == stop_reason::none)
            co_await never.async_wait(to.stoppable());
        why.push_back(to.stopped());
        if (to.stopped() != stop_reason::input)
            co_return;
    }
}

/// Writes all that is to be sent, and says whether it was.
awaitable<> write_much(http::session& to, std::size_t size, bool& all) {
    write_text(to, std::string(size, 'm'));
    all = co_await to.sent();
    if (all)
        to.end_stream();
}

}  // namespace

TEST_CASE("a stream is chunks in HTTP/1.1, after which the connection is kept") {
    scripted_house it;
    gate each(it.home.get_executor());
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        if (asked->target != "/stream")
            return echo(to, std::move(asked));
        to.add_fields("X-More: 1\r\n");
        to.begin_stream("X-Stream: 1\r\n");
        return stream_three(to, each);
    };
    client who(it.sessions);
    who.send(get("/stream") + get("/next"));
    auto const head = who.receive();
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.ends_with("\r\nX-Stream: 1\r\nX-More: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n"));
    each.open();
    CHECK(who.receive() == "2\r\nhi\r\n");
    each.open();
    CHECK(who.receive() == "2\r\nhi\r\n");
    CHECK(it.home.counted().get(counter::streams) == 1);
    each.open();
    auto const rest = who.receive();
    CHECK(rest.starts_with("0\r\n\r\nHTTP/1.1 200 "));
    CHECK(rest.find("X-More") == rest.npos);
    CHECK(rest.ends_with("/next"));
}

TEST_CASE("a stream ends with the connection in HTTP/1.0") {
    scripted_house it;
    gate each(it.home.get_executor());
    it.service.on_request = [&](http::session& to, http::request_ptr) {
        to.begin_stream("X-Stream: 1\r\n");
        return stream_three(to, each);
    };
    client who(it.sessions);
    who.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    auto const head = who.receive();
    CHECK(head.find("\r\nConnection: close\r\n") != head.npos);
    CHECK(head.ends_with("\r\nX-Stream: 1\r\n\r\nhi"));
    for (int i = 0; i < 3; ++i) {
        each.open();
        who.run();
    }
    CHECK(who.receive() == "hihi");
    CHECK(who.is_closed());
}

TEST_CASE("a stream in a drain says that the connection will be closed") {
    scripted_house it;
    gate each(it.home.get_executor());
    it.service.on_request = [&](http::session& to, http::request_ptr) {
        it.sessions.drain();
        to.begin_stream({});
        to.end_stream();
        return awaitable<>();
    };
    client who(it.sessions);
    who.send(get("/stream"));
    CHECK(who.receive().find("\r\nConnection: close\r\n") != std::string::npos);
    CHECK(who.is_closed());
}

TEST_CASE("a stream that its reader does not take is waited for, up to the write timeout") {
    scripted_house it;
    bool all = true;
    it.service.on_request = [&](http::session& to, http::request_ptr) {
        to.begin_stream({});
        return write_much(to, 50'000, all);
    };
    client who(it.sessions);
    who.limit(1000);
    who.send(get("/stream") + get("/behind"));
    SECTION("and taken") {
        it.service.on_request = echo;
        CHECK(who.receive().ends_with("/behind"));
        CHECK(all);
    }
    SECTION("and not taken") {
        it.advance(it.options.write_timeout - seconds(1));
        CHECK(closed(it) == 0);
        it.advance(seconds(1));
        CHECK_FALSE(all);
        CHECK(closed(it) == 1);
    }
    SECTION("and its reader is gone") {
        who.hang_up();
        CHECK_FALSE(all);
        CHECK(closed(it) == 1);
    }
    SECTION("and broken off") {
        it.sessions.abort();
        it.run();
        CHECK_FALSE(all);
        CHECK(closed(it) == 1);
    }
}

TEST_CASE("after an upgrade the connection speaks what its handler does") {
    scripted_house it;
    std::vector<stop_reason> why;
    it.service.on_request = [&](http::session& to, http::request_ptr) {
        to.upgrade("Upgrade: talk\r\nConnection: Upgrade\r\n");
        return talk(to, why);
    };
    client who(it.sessions);
    who.send(get("/talk", "Connection: upgrade\r\nUpgrade: talk\r\n") + "first");
    auto const head = who.receive();
    CHECK(head.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    CHECK(head.ends_with("\r\nUpgrade: talk\r\nConnection: Upgrade\r\n\r\nfirst"));
    who.send("GET / HTTP/1.1\r\n\r\n");
    CHECK(who.receive() == "GET / HTTP/1.1\r\n\r\n");
    CHECK(why == std::vector{stop_reason::input});
    SECTION("until the client's end, which is input") {
        who.write("last");
        who.shut_down();
        CHECK(who.receive() == "last");
        CHECK(why.back() == stop_reason::input);
    }
    SECTION("until the client is gone") {
        who.hang_up();
        CHECK(why.back() == stop_reason::input);
    }
    SECTION("until it cuts the connection off") {
        who.send("bye");
        CHECK(who.receive() == "bye");
    }
    SECTION("until its time has passed") {
        it.advance(seconds(5));
        CHECK(why.back() == stop_reason::timed_out);
        CHECK(who.is_closed());
        it.advance(seconds(2));
    }
    SECTION("until a drain") {
        it.sessions.drain();
        it.run();
        CHECK(why.back() == stop_reason::draining);
        CHECK(who.is_closed());
        it.advance(seconds(2));
    }
    SECTION("until it is broken off") {
        it.sessions.abort();
        it.run();
    }
    CHECK(closed(it) == 1);
}
