// Sessions that yield: one connection's input, however much there is, lets the others have their turn.
#include "http/endless_stream.hpp"
#include "http/scripted.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using std::chrono::seconds;

TEST_CASE("many requests in a row let another session have its turn") {
    scripted_house it;
    client many(it.sessions);
    client one(it.sessions);
    std::string in_a_row;
    for (int i = 0; i < 200; ++i)
        in_a_row += get("/many");
    many.write(in_a_row);
    one.send(get("/one"));
    auto const& order = it.service.targets;
    REQUIRE(order.size() == 201);
    CHECK(std::find(order.begin(), order.end(), "/one") == order.begin() + std::ptrdiff_t{before_yield});
    CHECK(bodies(many.receive()) == std::vector<std::string>(200, "/many"));
}

TEST_CASE("requests that each come after a wait are no row") {
    scripted_house it;
    client who(it.sessions);
    for (int i = 0; i < 200; ++i) {
        who.send(get("/a"));
        CHECK(bodies(who.receive()).size() == 1);
    }
}

TEST_CASE("a body that comes faster than it is read yields to other sessions") {
    endless_stream::script with;
    scripted_house it;
    it.options.max_body = endless_stream::whole;
    std::size_t read_before = 0;
    with.on_turn = [&] { read_before = with.reads; };
    endless_stream::start(it.sessions, with);
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        to.send(http::json_response(200, std::to_string(asked->body.size())));
        return awaitable<>();
    };
    it.run();
    CHECK(read_before == endless_stream::turn);
    CHECK(bodies(with.written) == std::vector<std::string>{std::to_string(endless_stream::whole)});
}

TEST_CASE("a drain that comes in others' turn gives half a body one second more") {
    endless_stream::script with;
    scripted_house it;
    it.options.max_body = endless_stream::whole;
    with.on_turn = [&] { it.sessions.drain(); };
    SECTION("in which it comes") {
        endless_stream::start(it.sessions, with);
        it.run();
        CHECK(it.service.targets == std::vector<std::string>{"/endless"});
        CHECK(with.written.starts_with("HTTP/1.1 200 "));
    }
    SECTION("in which it does not come") {
        with.ends_after = endless_stream::whole / 2;
        endless_stream::start(it.sessions, with);
        it.run();
        CHECK(with.written.empty());
        it.advance(seconds(1));
        CHECK(with.written.starts_with("HTTP/1.1 408 "));
    }
}

TEST_CASE("a deadline that passes in others' turn is not lost") {
    endless_stream::script with;
    scripted_house it;
    it.options.max_body = endless_stream::whole;
    with.on_turn = [&] { it.expire_after(it.options.body_timeout); };
    SECTION("in the middle of what comes") {
        endless_stream::start(it.sessions, with);
    }
    SECTION("at its end") {
        with.ends_after = endless_stream::whole / 2;
        endless_stream::start(it.sessions, with);
    }
    it.run();
    CHECK(it.service.targets.empty());
    CHECK(with.written.starts_with("HTTP/1.1 408 "));
    it.advance(seconds(2));
    CHECK(with.closed);
}

TEST_CASE("an idle connection's deadline that passes in others' turn is not lost") {
    endless_stream::script with;
    with.head = get("/a");
    with.fill = '\n';  // empty lines before a request are ignored
    with.ends_after = endless_stream::whole / 2;
    scripted_house it;
    with.on_turn = [&] { it.expire_after(it.options.idle_timeout); };
    endless_stream::start(it.sessions, with);
    it.run();
    CHECK(with.written.starts_with("HTTP/1.1 200 "));
    CHECK(with.closed);
}
