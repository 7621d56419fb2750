// Many requests on one connection: answered in order, however their bytes are cut, and held as long as handlers like.
#include "http/gate.hpp"
#include "http/scripted.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

using strings = std::vector<std::string>;

std::string headed(http::request const& asked) {
    return std::string(asked.method_text)
        .append(" ")
        .append(asked.target)
        .append(" ")
        .append(asked.get(http::header::prefer).value_or("-"))
        .append(" ")
        .append(asked.body);
}

/// Holds its request over several suspensions, and answers with what its views say then.
awaitable<> hold(http::session& to, http::request_ptr asked, gate& first, gate& second) {
    auto const before = headed(*asked);
    co_await first.async_wait();
    co_await to.yield();
    CHECK(headed(*asked) == before);
    co_await second.async_wait();
    to.send(http::json_response(200, headed(*asked)));
}

}  // namespace

TEST_CASE("requests that come in one write are answered in order") {
    scripted_house it;
    client who(it.sessions);
    who.send(get("/a") + post("/b", "body") + get("/c") + post("/d", "") + "\r\n\r\n" + get("/e"));
    CHECK(bodies(who.receive()) == strings{"/a", "/b body", "/c", "/d", "/e"});
}

TEST_CASE("requests that come byte by byte are answered all the same") {
    scripted_house it;
    client who(it.sessions);
    auto const all = get("/a") + post("/b", "body") + "\r\n" + post("/c", "", "Expect: 100-continue\r\n") +
                     "POST /d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n" +
                     get("/a");
    std::string got;
    for (char const c : all) {
        who.send({&c, 1});
        got += who.receive();
    }
    CHECK(bodies(got) == strings{"/a", "/b body", "/c", "/d hi", "/a"});
}

TEST_CASE("requests that are cut anywhere are answered all the same") {
    auto const all = get("/a", "Prefer: wait=1\r\n") + post("/b", "body", "Prefer: wait=2\r\n") + get("/c");
    for (std::size_t cut = 1; cut < all.size(); ++cut) {
        scripted_house it;
        client who(it.sessions);
        who.send(std::string_view(all).substr(0, cut));
        who.send(std::string_view(all).substr(cut));
        CHECK(bodies(who.receive()) == strings{"/a", "/b body", "/c"});
    }
}

TEST_CASE("a handler holds its request while others come behind it") {
    scripted_house it;
    gate first(it.home.get_executor());
    gate second(it.home.get_executor());
    bool holding = true;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        if (!holding)
            return echo(to, std::move(asked));
        return hold(to, std::move(asked), first, second);
    };
    auto const fields = std::string("Prefer: wait=7\r\n");
    client who(it.sessions);
    // Some by the parser, some by the cache of heads, with a body and without one, whole and in pieces.
    strings const sent = {get("/first-of-all", fields), get("/second", fields), post("/third", "its body", fields),
                          post("/fourth", "another body", fields), get("/fifth-with-a-longer-target", fields)};
    strings const expected = {"GET /first-of-all wait=7 ", "GET /second wait=7 ", "POST /third wait=7 its body",
                              "POST /fourth wait=7 another body", "GET /fifth-with-a-longer-target wait=7 "};
    who.send(sent[0] + sent[1] + sent[2].substr(0, 40));
    for (std::size_t i = 0; i < sent.size(); ++i) {
        REQUIRE(first.waiters() == 1);
        if (i == 0)
            who.send(sent[2].substr(40) + sent[3]);
        first.open();
        it.run();
        REQUIRE(second.waiters() == 1);
        if (i == 1)
            who.send(sent[4]);
        // Another client's requests take what memory there is, and end before this one does.
        holding = false;
        client other(it.sessions);
        other.send(post("/other", std::string(300, 'x'), fields) + get("/other", fields));
        CHECK(bodies(other.receive()).size() == 2);
        holding = true;
        second.open();
        CHECK(bodies(who.receive()) == strings{expected[i]});
    }
}

TEST_CASE("what is behind a request is known to its handler") {
    scripted_house it;
    std::vector<bool> more;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        more.push_back(to.has_more_input());
        return echo(to, std::move(asked));
    };
    client who(it.sessions);
    who.send(get("/a"));
    who.send(get("/a") + get("/b") + post("/c", "x"));
    CHECK(more == std::vector<bool>{false, true, true, false});
}
