// Requests that are refused before a service has them, and what becomes of the connection.
#include "http/scripted.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using std::chrono::seconds;

TEST_CASE("what is not HTTP/1.1, or asks for too much, is refused with its status") {
    struct row {
        std::string request;
        unsigned status;
    };
    std::array const rows = {
        row{"nonsense\r\n\r\n", 400},
        row{"GET / HTTP/1.1\r\n\r\n", 400},
        row{"GET / HTTP/1.1\nHost: a\n\n", 400},
        row{"GET / HTTP/1.1\nHost: a\n\r\n", 400},
        row{get("/", "Content-Type: a/b\r\nContent-Type: a/b\r\n"), 400},
        row{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        row{"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400},
        row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
        row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
        row{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"\r\n", 400},
        row{"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        row{"GET / HTTP/x.y\r\nHost: a\r\n\r\n", 400},
        row{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", 413},
        row{"GET /" + std::string(15'000, 'a'), 414},
        row{"GET /" + std::string(15'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
        row{get("/", "Expect: wonders\r\n"), 417},
        row{"GET / HTTP/1.1\r\nA: " + std::string(17'000, 'a'), 431},
        row{get("/", "A: " + std::string(17'000, 'a') + "\r\n"), 431},
        row{"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        row{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        row{"\r\r\n" + get("/"), 400},
    };
    for (auto const& [request, status] : rows) {
        scripted_house it;
        client who(it.sessions);
        who.send(request + get("/behind-it"));
        auto const got = who.receive();
        INFO(request.substr(0, 60));
        CHECK(got.starts_with("HTTP/1.1 " + std::to_string(status) + " "));
        CHECK(got.find("Connection: close\r\n") != got.npos);
        CHECK(got.find("Content-Type: application/problem+json\r\n") != got.npos);
        CHECK(count(got, "\r\nDate: ") == 1);
        CHECK(who.is_closed());
        CHECK(it.service.targets.empty());
        CHECK(it.home.counted().get(counter::answers_4xx) == (status < 500 ? 1 : 0));
        CHECK(it.home.counted().get(counter::answers_5xx) == (status < 500 ? 0 : 1));
    }
}

TEST_CASE("a refusal has the fields that the application wants in it") {
    scripted_house it;
    it.service.cors = "Access-Control-Allow-Origin: *\r\n";
    client who(it.sessions);
    who.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n");
    CHECK(who.receive().find("\r\nAccess-Control-Allow-Origin: *\r\n") != std::string::npos);
}

TEST_CASE("a head that ends without CR is refused with its last byte") {
    for (std::string const head :
         {"GET / HTTP/1.1\r\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n"}) {
        CAPTURE(head);
        scripted_house it;
        client who(it.sessions);
        who.send(std::string_view(head).substr(0, head.size() - 1));
        CHECK(who.receive().empty());
        who.send("\n");
        CHECK(who.receive().starts_with("HTTP/1.1 400 "));
    }
}

TEST_CASE("an Expect without an expectation is none") {
    for (std::string_view const fields : {"Expect:\r\n", "Expect: ,\r\n", "Expect:\r\nExpect: 100-continue\r\n"}) {
        CAPTURE(fields);
        scripted_house it;
        client who(it.sessions);
        who.send(post("/a", "hi", fields) + get("/b", "Expect:\r\n"));
        CHECK(bodies(who.receive()) == std::vector<std::string>{"/a hi", "/b"});
    }
    scripted_house it;
    client who(it.sessions);
    who.send(get("/", "Expect: wonders\r\nExpect: 100-continue\r\n"));
    CHECK(who.receive().starts_with("HTTP/1.1 417 "));
}

TEST_CASE("a TLS handshake is refused and closed at once") {
    // The first bytes of records of TLS 1.0 to 1.3, in pieces or not.
    for (std::string_view const hello : {"\x16\x03\x01\x02\x00\x01\r\n\r\n", "\x16\x03\x03", "\x16\x03\x04\n\n"}) {
        for (std::size_t const piece : {std::size_t{1}, hello.size()}) {
            scripted_house it;
            client who(it.sessions);
            for (std::size_t at = 0; at < std::min(hello.size(), std::size_t{3}); at += piece)
                who.send(hello.substr(at, piece));
            CHECK(closed(it) == 1);
            CHECK(who.receive().starts_with("HTTP/1.1 400 "));
            CHECK(who.is_closed());
            CHECK(it.service.targets.empty());
        }
    }
    // Behind what was answered, too; other bytes that are none of HTTP are refused as such.
    scripted_house it;
    client who(it.sessions);
    who.send(get("/a") + "\x16\x03\x01");
    CHECK(closed(it) == 1);
    CHECK(bodies(who.receive()).front() == "/a");
    client other(it.sessions);
    other.send("\x16\x02\x01\r\n\r\n");
    CHECK(other.receive().starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a refusal comes behind the answers to what was whole") {
    scripted_house it;
    client who(it.sessions);
    who.send(get("/a") + get("/b") + "nonsense\r\n\r\n" + get("/c"));
    auto const got = who.receive();
    CHECK(count(got, "HTTP/1.1 200 ") == 2);
    CHECK(got.find("HTTP/1.1 400 ") > got.rfind("HTTP/1.1 200 "));
    CHECK(it.service.targets == std::vector<std::string>{"/a", "/b"});
}

TEST_CASE("what a refused client still sends is read and dropped, up to a limit") {
    scripted_house it;
    client who(it.sessions);
    who.send("nonsense\r\n\r\n");
    CHECK(who.receive().starts_with("HTTP/1.1 400 "));
    CHECK(who.is_closed());
    std::string const piece(128 * 1024, 'x');
    for (int i = 0; i < 7; ++i)
        who.send(piece);
    CHECK(closed(it) == 0);
    who.send(piece);
    CHECK(closed(it) == 1);
}

TEST_CASE("a client that closes after a refusal is not lingered on any longer") {
    scripted_house it;
    client who(it.sessions);
    who.send("nonsense\r\n\r\n");
    who.send("more");
    CHECK(closed(it) == 0);
    who.hang_up();
    CHECK(closed(it) == 1);
}

TEST_CASE("a refusal that a client does not take at once is written before its session lingers") {
    scripted_house it;
    client who(it.sessions);
    who.limit(10);
    who.send("nonsense\r\n\r\n");
    CHECK(who.stream().unread() == "HTTP/1.1 4");
    SECTION("and taken") {
        auto const got = who.receive();
        CHECK(bodies(got).size() == 1);
        CHECK(who.is_closed());
        CHECK(closed(it) == 0);
        it.advance(seconds(2));
    }
    SECTION("and never taken") {
        it.advance(it.options.write_timeout);
    }
    CHECK(closed(it) == 1);
}

TEST_CASE("what cannot become a request is refused with the byte that says so") {
    for (std::string_view const bytes : {"\n", "\r\r", "{", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\r"}) {
        CAPTURE(bytes);
        scripted_house it;
        client who(it.sessions);
        who.send("\r\n\r\n");
        who.send(bytes.substr(0, bytes.size() - 1));
        CHECK(who.receive().empty());
        who.send(bytes.substr(bytes.size() - 1));
        CHECK(who.receive().starts_with("HTTP/1.1 400 "));
        CHECK(who.is_closed());
    }
}

TEST_CASE("a refusal of a HEAD has no body") {
    for (std::string const fields : {"Host: b\r\n", "Expect: wonders\r\n", "Transfer-Encoding: gzip, chunked\r\n"}) {
        CAPTURE(fields);
        scripted_house it;
        client who(it.sessions);
        who.send("HEAD / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
        auto const got = who.receive();
        CHECK(got.find("Content-Length: ") != got.npos);
        CHECK(got.ends_with("\r\n\r\n"));
    }
}

TEST_CASE("a request that does not come whole in time is refused so that pages may read it") {
    scripted_house it;
    it.service.cors = "X-Cors: 1\r\n";
    client who(it.sessions);
    who.send("GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\nX");
    it.advance(it.options.header_timeout + seconds(1));
    auto const got = who.receive();
    CHECK(got.starts_with("HTTP/1.1 408 "));
    CHECK(count(got, "\r\nX-Cors: 1\r\n") == 1);
}

TEST_CASE("a later minor version is spoken to as 1.1, and close is heard in any") {
    scripted_house it;
    client who(it.sessions);
    who.send("GET /a HTTP/1.9\r\nHost: a\r\n\r\n");
    auto const got = who.receive();
    CHECK(got.starts_with("HTTP/1.1 200 "));
    CHECK(bodies(got) == std::vector<std::string>{"/a"});
    CHECK_FALSE(who.is_closed());
    who.send("GET /b HTTP/1.0\r\nConnection: close, keep-alive\r\n\r\n");
    CHECK(count(who.receive(), "\r\nConnection: close\r\n") == 1);
    CHECK(who.is_closed());
}
