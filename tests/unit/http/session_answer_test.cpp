// Answers: heads by version and method, whether the connection is kept, and clients that take little at a time.
#include "http/scripted.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <memory>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

bool has_field(std::string_view answer, std::string_view field) {
    auto const at = answer.find(std::string("\r\n").append(field).append("\r\n"));
    return at < answer.find("\r\n\r\n");
}

/// Answers in parts: `size` bytes of body in pieces that somebody owns.
awaitable<> send_parts(http::session& to, std::size_t pieces, std::size_t size) {
    auto const shared = std::make_shared<std::string const>(size / pieces, 'p');
    std::string const rest = "Content-Length: " + std::to_string(pieces * shared->size()) + "\r\n\r\n";
    std::vector<http::part> parts(2 + pieces);
    parts[1] = {rest, nullptr};
    for (std::size_t i = 2; i < parts.size(); ++i)
        parts[i] = {*shared, shared};
    to.send("X-Parts: yes\r\n", parts);
    return {};
}

}  // namespace

TEST_CASE("a connection is kept unless either side says otherwise") {
    struct row {
        std::string request;
        bool kept;
        bool says_close;
        bool says_keep_alive;
    };
    std::array const rows = {
        row{get("/"), true, false, false},
        row{get("/", "Connection: keep-alive\r\n"), true, false, false},
        row{get("/", "Connection: close\r\n"), false, true, false},
        row{get("/", "Connection: Foo, Close\r\n"), false, true, false},
        row{"GET / HTTP/1.0\r\n\r\n", false, true, false},
        row{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true, false, true},
        row{"GET / HTTP/1.0\r\nConnection: close\r\n\r\n", false, true, false},
        row{"GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n", true, false, true},
    };
    for (auto const& [request, kept, says_close, says_keep_alive] : rows) {
        scripted_house it;
        client who(it.sessions);
        for (int i = 0; i < (kept ? 2 : 1); ++i) {
            who.send(request);
            auto const got = who.receive();
            INFO(request);
            CHECK(bodies(got) == std::vector<std::string>{"/"});
            CHECK(has_field(got, "Connection: close") == says_close);
            CHECK(has_field(got, "Connection: keep-alive") == says_keep_alive);
            CHECK(who.is_closed() == !kept);
        }
    }
}

TEST_CASE("what comes behind the last request is not answered") {
    scripted_house it;
    client who(it.sessions);
    who.send(get("/a", "Connection: close\r\n") + get("/b"));
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/a"});
    CHECK(it.service.targets.size() == 1);
}

TEST_CASE("HEAD is answered without the body, which is counted all the same") {
    scripted_house it;
    client who(it.sessions);
    auto const head = std::string("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n");
    SECTION("in one piece") {
        who.send(head);
        CHECK(has_field(who.receive(), "Content-Length: 4"));
    }
    SECTION("in parts") {
        it.service.on_request = [](http::session& to, http::request_ptr) { return send_parts(to, 3, 30); };
        who.send(head);
        auto const got = who.receive();
        CHECK(has_field(got, "Content-Length: 30"));
        CHECK(got.ends_with("\r\n\r\n"));
    }
    it.service.on_request = echo;
    who.send(get("/next"));
    CHECK(bodies(who.receive()) == std::vector<std::string>{"/next"});
}

TEST_CASE("what can have no body has no length") {
    scripted_house it;
    unsigned status = 0;
    it.service.on_request = [&](http::session& to, http::request_ptr) {
        http::response answer;
        answer.status = status;
        to.send(answer);
        return awaitable<>();
    };
    client who(it.sessions);
    for (unsigned const each : {204U, 304U, 200U, 404U}) {
        status = each;
        who.send(get("/"));
        auto const got = who.receive();
        CHECK(got.starts_with("HTTP/1.1 " + std::to_string(status)));
        CHECK(has_field(got, "Content-Length: 0") == (status == 200 || status == 404));
    }
}

TEST_CASE("fields are added to one answer only") {
    scripted_house it;
    bool parts = false;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        if (asked->target == "/with") {
            to.add_fields("X-One: 1\r\n");
            to.add_fields("X-Two: 2\r\n");
        }
        return parts ? send_parts(to, 1, 1) : echo(to, std::move(asked));
    };
    client who(it.sessions);
    for (bool const each : {false, true}) {
        parts = each;
        who.send(get("/with"));
        auto const with = who.receive();
        CHECK(has_field(with, "X-One: 1"));
        CHECK(has_field(with, "X-Two: 2"));
        who.send(get("/without"));
        CHECK_FALSE(has_field(who.receive(), "X-One: 1"));
    }
}

TEST_CASE("bytes that stay somewhere else are an answer's body") {
    scripted_house it;
    auto const page = std::make_shared<std::string const>("the page");
    it.service.on_request = [&](http::session& to, http::request_ptr) {
        http::response answer;
        answer.owner = page;
        answer.shared_body = *page;
        to.send(answer);
        return awaitable<>();
    };
    client who(it.sessions);
    who.limit(10);
    who.send(get("/"));
    CHECK(page.use_count() == 2);
    CHECK(bodies(who.receive()) == std::vector<std::string>{"the page"});
    CHECK(page.use_count() == 1);
}

TEST_CASE("an answer that is larger than its client takes is written in portions, before the next") {
    for (std::uint32_t const limit : {1U, 7U, 100U, 4096U}) {
        for (std::size_t const pieces : {1U, 5U, 7U, 100U}) {
            scripted_house it;
            it.service.on_request = [&](http::session& to, http::request_ptr asked) {
                return asked->target == "/parts" ? send_parts(to, pieces, 3500) : echo(to, std::move(asked));
            };
            client who(it.sessions);
            who.limit(limit);
            who.send(get("/parts") + get("/b") + get("/parts", "Connection: close\r\n"));
            CHECK(who.stream().unread().size() == limit);
            auto const got = bodies(who.receive());
            REQUIRE(got.size() == 3);
            CHECK(got[0] == std::string(3500 / pieces * pieces, 'p'));
            CHECK(got[1] == "/b");
            CHECK(got[2] == got[0]);
            CHECK(who.is_closed());
        }
    }
}

TEST_CASE("parts without fields begin with the status line and the date") {
    scripted_house it;
    it.service.on_request = [](http::session& to, http::request_ptr) {
        std::array parts{http::part{}, http::part{"Content-Length: 2\r\n\r\n"}, http::part{"hi"}};
        to.send({}, parts);
        return awaitable<>();
    };
    client who(it.sessions);
    who.send(get("/"));
    auto const got = who.receive();
    CHECK(got.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    CHECK(got.ends_with(" GMT\r\nContent-Length: 2\r\n\r\nhi"));
}
