// Requests with bodies: larger than the input buffer, in chunks, and announced by Expect.
#include "http/scripted.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

using strings = std::vector<std::string>;

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

std::string chunked_head(std::string_view fields = {}) {
    return std::string("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n").append(fields) + "\r\n";
}

std::string letters(std::size_t size) {
    std::string out;
    while (out.size() < size)
        out += static_cast<char>('a' + out.size() % 23);
    return out;
}

}  // namespace

TEST_CASE("a request that is larger than the input buffer is put together") {
    scripted_house it;
    auto const body = letters(it.options.max_body);
    CHECK(body.size() > http::input_buffer::size);
    client who(it.sessions);
    SECTION("from one write") {
        who.send(get("/a") + post("/b", body) + get("/c"));
    }
    SECTION("from several") {
        auto const all = get("/a") + post("/b", body) + get("/c");
        for (std::size_t at = 0; at < all.size(); at += 10'000)
            who.send(std::string_view(all).substr(at, 10'000));
    }
    CHECK(bodies(who.receive()) == strings{"/a", "/b " + body, "/c"});
}

TEST_CASE("a body that comes again behind a known head is put together too") {
    scripted_house it;
    auto const body = letters(40'000);
    client who(it.sessions);
    who.send(post("/a", body) + post("/b", body) + post("/c", body));
    CHECK(bodies(who.receive()) == strings{"/a " + body, "/b " + body, "/c " + body});
}

TEST_CASE("a body comes in chunks") {
    scripted_house it;
    client who(it.sessions);
    who.send(chunked_head() + "4;ext=\"1\"\r\nbody\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n" + get("/next"));
    CHECK(bodies(who.receive()) == strings{"/c body!", "/next"});
}

TEST_CASE("trailers change nothing, of this request or of the next") {
    scripted_house it;
    it.service.on_request = [](http::session& to, http::request_ptr asked) {
        auto const type = asked->get(http::header::content_type).value_or("none");
        to.send(http::json_response(200, std::string(asked->body).append(" ").append(type)));
        return awaitable<>();
    };
    client who(it.sessions);
    who.send(chunked_head("Content-Type: a/b\r\n") + "1\r\nx\r\n0\r\nContent-Type:\r\nConnection: close\r\n\r\n" +
             post("/next", "y"));
    CHECK(bodies(who.receive()) == strings{"x a/b", "y none"});
    CHECK_FALSE(who.is_closed());
}

TEST_CASE("a quote that does not end in its line is refused with the line") {
    scripted_house it;
    client who(it.sessions);
    who.send(chunked_head());
    who.send("1;a=\"b");
    CHECK(who.receive().empty());
    who.send("\r");
    CHECK(who.receive().starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a chunk is larger than the input buffer") {
    scripted_house it;
    auto const body = letters(50'000);
    client who(it.sessions);
    who.send(chunked_head() + "C350\r\n" + body + "\r\n0\r\n\r\n");
    CHECK(bodies(who.receive()) == strings{"/c " + body});
}

TEST_CASE("a chunked body that is no chunks is refused, at once or later") {
    for (auto const* first : {"", "4\r\nbody\r\n"}) {
        scripted_house it;
        client who(it.sessions);
        who.send(chunked_head());
        who.send(first);
        who.send("no chunk\r\n");
        CHECK(who.receive().starts_with("HTTP/1.1 400 "));
        CHECK(who.is_closed());
        CHECK(it.service.targets.empty());
    }
}

TEST_CASE("a chunk's line that does not end is refused when the buffer is full") {
    scripted_house it;
    client who(it.sessions);
    who.send(chunked_head());
    who.send("4;" + letters(20'000));
    CHECK(who.receive().empty());
    who.send(letters(20'000));
    CHECK(who.receive().starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a body that is too long is refused, by its length or as soon as it is") {
    scripted_house it;
    it.options.max_body = 10;
    client who(it.sessions);
    SECTION("that the head gives") {
        who.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
    }
    SECTION("that has come with the head, in chunks") {
        who.send(chunked_head() + "B\r\n01234567890\r\n0\r\n\r\n");
    }
    SECTION("that comes in chunks, later") {
        who.send(chunked_head());
        who.send("6\r\n012345\r\n");
        CHECK(who.receive().empty());
        who.send("6\r\n012345\r\n");
    }
    auto const got = who.receive();
    CHECK(got.starts_with("HTTP/1.1 413 "));
    CHECK(got.find("a message may have 10 bytes") != got.npos);
    CHECK(who.is_closed());
    CHECK(it.service.targets.empty());
}

TEST_CASE("a client that expects it is asked for its body") {
    scripted_house it;
    client who(it.sessions);
    std::string const head = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n";
    SECTION("once the head has come") {
        who.send(head);
        CHECK(who.receive() == continue_line);
        who.send("h");
        CHECK(who.receive().empty());
        who.send("i");
        CHECK(bodies(who.receive()) == strings{"/a hi"});
        who.send(head);
        CHECK(who.receive() == continue_line);
        who.send("ho");
        CHECK(bodies(who.receive()) == strings{"/a ho"});
    }
    SECTION("but not if it has come") {
        who.send(head + "hi");
        CHECK(bodies(who.receive()) == strings{"/a hi"});
    }
    SECTION("nor if some of it has") {
        who.send(head + "h");
        CHECK(who.receive().empty());
        who.send("i");
        CHECK(bodies(who.receive()) == strings{"/a hi"});
    }
    SECTION("nor by HTTP/1.0, which does not know of it") {
        who.send("POST /a HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        CHECK(who.receive().empty());
        who.send("hi");
        CHECK(bodies(who.receive()) == strings{"/a hi"});
    }
    SECTION("nor if it is too long") {
        it.options.max_body = 1;
        who.send(head);
        CHECK(who.receive().starts_with("HTTP/1.1 413 "));
    }
}

TEST_CASE("what a client expects beside is refused") {
    scripted_house it;
    client who(it.sessions);
    who.send(post("/a", "hi", "Expect: more\r\n"));
    CHECK(who.receive().starts_with("HTTP/1.1 417 "));
    CHECK(who.is_closed());
}
