// Clients that hang up, at each place where a session waits: it ends, and nothing that it awaited is left.
#include "http/waiting_handlers.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using http::stop_reason;
using std::chrono::seconds;

TEST_CASE("a client hangs up before it has sent anything, or with its request half sent") {
    auto const before = GENERATE(as<std::string>(), "", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n",
                                 "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
                                 "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
                                 "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha");
    scripted_house it;
    client who(it.sessions);
    who.send(before);
    CHECK(closed(it) == 0);
    SECTION("by closing") {
        who.hang_up();
    }
    SECTION("by shutting its side down") {
        who.shut_down();
        CHECK(who.receive().empty());
        CHECK(who.is_closed());
    }
    CHECK(closed(it) == 1);
    CHECK(it.service.targets.empty());
}

TEST_CASE("a client hangs up between two requests") {
    scripted_house it;
    client who(it.sessions);
    who.send(get("/a"));
    CHECK(bodies(who.receive()).size() == 1);
    who.hang_up();
    CHECK(closed(it) == 1);
}

TEST_CASE("a request is answered though its client will send no more") {
    scripted_house it;
    client who(it.sessions);
    who.write(get("/a") + get("/b"));
    who.shut_down();
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/a", "/b"});
    CHECK(who.is_closed());
}

TEST_CASE("a client hangs up while a handler waits: it is stopped at once, and what is pipelined is not answered") {
    scripted_house it;
    gate change(it.home.get_executor());
    auto why = stop_reason::none;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_stoppable(to, std::move(asked), change, why);
    };
    client who(it.sessions);
    who.send(get("/a") + get("/b"));
    CHECK(change.waiters() == 1);
    SECTION("by closing") {
        who.hang_up();
    }
    SECTION("by shutting its side down") {
        who.shut_down();
        CHECK(who.receive().empty());
    }
    CHECK(why == stop_reason::hung_up);
    CHECK(change.waiters() == 0);
    CHECK(closed(it) == 1);
    CHECK(it.service.targets == std::vector<std::string>{"/a"});
}

TEST_CASE("a client that is gone when its handler begins to wait is not waited for") {
    scripted_house it;
    gate change(it.home.get_executor());
    auto why = stop_reason::none;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_stoppable(to, std::move(asked), change, why);
    };
    client who(it.sessions);
    who.write(get("/a"));
    who.hang_up();
    CHECK(why == stop_reason::hung_up);
    CHECK(closed(it) == 1);
}

TEST_CASE("what is not to be interrupted is completed though its client has hung up") {
    scripted_house it;
    gate journal(it.home.get_executor());
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_then_echo(to, std::move(asked), journal);
    };
    client who(it.sessions);
    who.send(get("/a"));
    who.hang_up();
    CHECK(closed(it) == 0);
    CHECK(journal.waiters() == 1);
    journal.open();
    it.run();
    CHECK(closed(it) == 1);
}

TEST_CASE("a client hangs up while its answer is written") {
    scripted_house it;
    client who(it.sessions);
    who.limit(10);
    who.send(get("/a") + get("/b"));
    CHECK(closed(it) == 0);
    who.hang_up();
    CHECK(closed(it) == 1);
    CHECK(it.service.targets == std::vector<std::string>{"/a"});
}

TEST_CASE("a client hangs up while its session lingers") {
    scripted_house it;
    client who(it.sessions);
    who.send("nonsense\r\n\r\n");
    CHECK(who.receive().starts_with("HTTP/1.1 400 "));
    CHECK(closed(it) == 0);
    SECTION("by closing") {
        who.hang_up();
    }
    SECTION("by shutting its side down") {
        who.send("more");
        who.shut_down();
    }
    CHECK(closed(it) == 1);
}

TEST_CASE("a connection that breaks is not written to again") {
    scripted_house it;
    gate journal(it.home.get_executor());
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_then_echo(to, std::move(asked), journal);
    };
    client who(it.sessions);
    who.send(get("/a") + get("/b"));
    who.stream().close();
    journal.open();
    it.run();
    CHECK(it.service.targets == std::vector<std::string>{"/a"});
    CHECK(closed(it) == 1);
}

TEST_CASE("a client hangs up while others have their turn") {
    scripted_house it;
    std::unique_ptr<client> who;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        if (it.service.targets.size() == before_yield)
            asio::post(it.home.io(), [&] { who->stream().close(); });
        return echo(to, std::move(asked));
    };
    who = std::make_unique<client>(it.sessions);
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += get("/a");
    who->send(many);
    CHECK(it.service.targets.size() <= before_yield + 1);
    CHECK(closed(it) == 1);
}
