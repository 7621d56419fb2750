// What a session does when time passes: each of its deadlines, in virtual time.
#include "http/waiting_handlers.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;
using std::chrono::seconds;

TEST_CASE("a connection that sends nothing is closed after the header timeout") {
    scripted_house it;
    client who(it.sessions);
    it.advance(it.options.header_timeout - seconds(1));
    CHECK_FALSE(who.is_closed());
    it.advance(seconds(1));
    CHECK(who.receive().empty());
    CHECK(who.is_closed());
}

TEST_CASE("half a request is answered with 408 after the header timeout") {
    scripted_house it;
    client who(it.sessions);
    who.send("GET / HTTP/1.1\r\nHo");
    it.advance(it.options.header_timeout);
    CHECK(who.receive().starts_with("HTTP/1.1 408 "));
    CHECK(who.is_closed());
}

TEST_CASE("input that comes slowly does not move the header timeout") {
    scripted_house it;
    client who(it.sessions);
    who.send(get("/a"));
    who.receive();
    it.advance(seconds(30));
    who.send("GET / HTTP/1.1\r\nA: ");
    for (seconds passed{0}; passed < it.options.header_timeout - seconds(1); passed += seconds(1)) {
        it.advance(milliseconds(900));
        who.send("a");
        CHECK(who.receive().empty());
    }
    it.advance(seconds(2));
    CHECK(who.receive().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("half a body is answered with 408 after the body timeout") {
    scripted_house it;
    client who(it.sessions);
    who.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    it.advance(it.options.body_timeout - seconds(1));
    CHECK(who.receive().empty());
    it.advance(seconds(1));
    CHECK(who.receive().starts_with("HTTP/1.1 408 "));
    CHECK(it.service.targets.empty());
}

TEST_CASE("a head without its body is answered with 408") {
    scripted_house it;
    client who(it.sessions);
    who.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
    it.advance(it.options.body_timeout);
    CHECK(who.receive().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("an idle connection is closed after the idle timeout, without a word") {
    scripted_house it;
    client who(it.sessions);
    who.send(get("/a"));
    CHECK(who.receive().ends_with("\r\n\r\n/a"));
    it.advance(it.options.idle_timeout - seconds(1));
    CHECK_FALSE(who.is_closed());
    it.advance(seconds(1));
    CHECK(who.receive().empty());
    CHECK(who.is_closed());
}

TEST_CASE("a client that reads nothing is cut off after the write timeout") {
    scripted_house it;
    client who(it.sessions);
    who.limit(10);
    who.send(get("/a"));
    it.advance(it.options.write_timeout - seconds(1));
    CHECK(closed(it) == 0);
    it.advance(seconds(1));
    CHECK(closed(it) == 1);
    CHECK(who.receive() == "HTTP/1.1 2");
    CHECK(who.is_closed());
}

TEST_CASE("what a client takes moves the write timeout") {
    scripted_house it;
    client who(it.sessions);
    who.limit(20);
    who.send(get("/a"));
    for (int i = 0; i < 3; ++i) {
        it.advance(it.options.write_timeout - seconds(1));
        std::array<char, 20> some;
        net::error_code ec;
        CHECK(who.stream().read_some(asio::buffer(some), ec) == some.size());
        who.run();
    }
    CHECK(closed(it) == 0);
    CHECK(who.receive().ends_with("\r\n\r\n/a"));
}

TEST_CASE("lingering ends after two seconds, though the client keeps sending") {
    scripted_house it;
    client who(it.sessions);
    who.send("nonsense\r\n\r\n");
    CHECK(who.receive().starts_with("HTTP/1.1 400 "));
    CHECK(who.is_closed());
    who.send("more");
    it.advance(milliseconds(1500));
    who.send("more");
    CHECK(closed(it) == 0);
    it.advance(milliseconds(500));
    CHECK(closed(it) == 1);
}

TEST_CASE("a drain gives half a request one second to become whole") {
    scripted_house it;
    client half(it.sessions);
    client whole(it.sessions);
    half.send("GET / HTTP/1.1\r\n");
    whole.send("GET /whole HTTP/1.1\r\n");
    it.sessions.drain();
    it.advance(milliseconds(900));
    CHECK(half.receive().empty());
    whole.send("Host: a\r\n\r\n");
    CHECK(whole.receive().find("Connection: close\r\n") != std::string::npos);
    it.advance(milliseconds(100));
    CHECK(half.receive().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("a handler that does not ask for a deadline has none") {
    scripted_house it;
    gate journal(it.home.get_executor());
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_then_echo(to, std::move(asked), journal);
    };
    client who(it.sessions);
    who.send(get("/late"));
    it.advance(seconds(100));
    it.advance(seconds(100));
    CHECK_FALSE(who.is_closed());
    journal.open();
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/late"});
    it.advance(it.options.idle_timeout - seconds(1));
    CHECK_FALSE(who.is_closed());
    it.advance(seconds(1));
    CHECK(who.is_closed());
}
