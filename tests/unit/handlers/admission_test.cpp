// Hosts: the names that the server answers to, by itself and behind proxies.
#include "handlers/street_house.hpp"
#include <anteroom/base/text.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

constexpr std::string_view publish = "POST /room/a/publish";

std::vector<net::network> loopback() {
    return {*net::network::parse("127.0.0.0/8")};
}

}  // namespace

TEST_CASE("the names that the server answers to") {
    api_options options;
    options.hosts = {"chat.example", "*.example.org"};
    street_house it(options);
    for (auto const* host :
         {"localhost", "LOCALHOST:8080", "localhost.", "127.0.0.1", "10.1.2.3:8080", "[::1]:8080", "box", "Box:80",
          "chat.example", "Chat.Example.:443", "a.example.org", "a.b.example.org"}) {
        CAPTURE(host);
        CHECK(passer_by(it).call(host).status == 200);
    }
    for (auto const* host :
         {"evil.example", "evil.example:8080", "example.org", "notexample.org", "xchat.example", "chat.example.evil",
          "127.0.0.1.evil.example", "localhost.evil.example", "box.evil.example"}) {
        CAPTURE(host);
        auto const got = passer_by(it).call(host);
        CHECK(got.status == 421);
        CHECK(got.has("--host " + std::string(host).substr(0, std::string_view(host).find(':'))));
    }
}

TEST_CASE("a Host that is none is refused, whoever sends it") {
    street_house it;
    for (auto const* host :
         {"a b", "u@x", "[::1", "::1", "localhost:", "localhost:x", "localhost:70000", "a/b", "<x>"}) {
        CAPTURE(host);
        bool const valid = std::string_view(host) == "localhost:";
        CHECK(passer_by(it).call(host).status == (valid ? 200 : 400));
        CHECK(visitor(it).is_closed() == false);
    }
    CHECK(passer_by(it).call("", "GET /healthz", "Host:\r\n").status == 400);
    CHECK(passer_by(it).call("").status == 400);  // HTTP/1.1 must have one
    passer_by old(it);
    old.send("GET /healthz HTTP/1.0\r\n\r\n");
    CHECK(old.next_answer().status == 200);
}

TEST_CASE("any name will do where --host is *, and over a Unix socket") {
    api_options options;
    options.hosts = {"*"};
    street_house open(options);
    CHECK(passer_by(open).call("evil.example").status == 200);
    street_house it;
    visitor local(it);
    local.send("GET /healthz HTTP/1.1\r\nHost: whatever\r\n\r\n");
    CHECK(local.next_answer().status == 200);
    // The same header over TCP is not taken for known.
    CHECK(passer_by(it).call("whatever").status == 421);
}

TEST_CASE("every call is refused under a foreign name, one that was answered on the connection before too") {
    street_house it;
    it.publish("a", "secret");
    for (auto const* line :
         {"GET /", "GET /room/a", "GET /room/a/messages", "GET /rooms", "GET /metrics", "GET /nowhere",
          "GET /room/a/subscribe?after=0", "OPTIONS /room/a/publish", "PUT /rooms"}) {
        CAPTURE(line);
        CHECK(passer_by(it).call("evil.example", line).status == 421);
    }
    std::string target = "GET /subscribe?";
    for (char name = 'a'; name < 'j'; ++name)
        target.append("room=").append(1, name).append("&");
    passer_by who(it);
    auto const first = who.call("localhost", target + "after=0");
    REQUIRE(first.status == 200);
    auto const next = target + "after=" + percent_encode(first.field("Last-Event-ID"));
    CHECK(who.call("evil.example", next).status == 421);
}

TEST_CASE("a poll with an absolute target is answered on a kept connection as on a fresh one") {
    street_house it;
    std::string target = "GET http://localhost/subscribe?wait=0&";
    for (char name = 'a'; name < 'j'; ++name)
        target.append("room=").append(1, name).append("&");
    passer_by who(it);
    auto const first = who.call("other.example", target + "after=0");
    REQUIRE(first.status == 204);
    auto const next = target + "after=" + percent_encode(first.field("Last-Event-ID"));
    CHECK(who.call("other.example", next).status == 204);
    CHECK(passer_by(it).call("other.example", next).status == 204);
}

TEST_CASE("the authority of an absolute target wins over Host") {
    street_house it;
    CHECK(passer_by(it).call("localhost", "GET http://localhost:8080/healthz").status == 200);
    CHECK(passer_by(it).call("evil.example", "GET http://localhost/healthz").status == 200);
    CHECK(passer_by(it).call("localhost", "GET http://evil.example/healthz").status == 421);
    CHECK(passer_by(it).call("localhost", "GET http://a@b/healthz").status == 400);
    CHECK(passer_by(it).call("a b", "GET http://localhost/healthz").status == 400);
    CHECK(passer_by(it).call("localhost", "GET ftp://localhost/healthz").status == 400);
}

TEST_CASE("what a trusted proxy says of the name and the scheme counts, and only what it says") {
    api_options options;
    options.hosts = {"chat.example"};
    options.trust_proxies = loopback();
    street_house it(options);
    struct row {
        std::string_view forwarded;
        std::string_view origin;
        unsigned status;
    };
    row const rows[] = {
        {"X-Forwarded-Proto: https\r\nX-Forwarded-Host: chat.example\r\n", "https://chat.example", 201},
        {"X-Forwarded-Proto: https\r\nX-Forwarded-Host: chat.example:443\r\n", "https://chat.example", 201},
        {"Forwarded: proto=https;host=chat.example\r\n", "https://chat.example", 201},
        {"X-Forwarded-Proto: https\r\nX-Forwarded-Host: chat.example\r\n", "http://chat.example", 403},
        {"X-Forwarded-Proto: https\r\nX-Forwarded-Host: chat.example\r\n", "https://evil.example", 403},
        {"X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n", "https://evil.example", 421},
        {"X-Forwarded-Host: a b\r\n", "https://evil.example", 400},
        {"X-Forwarded-Proto: wss\r\nX-Forwarded-Host: chat.example\r\n", "https://chat.example", 201},
        {"X-Forwarded-Host: chat.example:443\r\n", "https://chat.example", 201},
        {"X-Forwarded-Proto: http\r\nX-Forwarded-Host: chat.example:443\r\n", "https://chat.example", 403},
        {"X-Forwarded-Proto: http, https\r\nX-Forwarded-Host: evil.example, chat.example\r\n", "https://chat.example",
         201},
        {"X-Forwarded-Host: chat.example, evil.example\r\n", "https://chat.example", 421},
        {"X-Forwarded-Host: chat.example\r\nX-Forwarded-Host: evil.example\r\n", "https://chat.example", 421},
        {"Forwarded: proto=http;host=evil.example, proto=\"https\";host=\"chat.example:443\"\r\n",
         "https://chat.example", 201},
        {"Forwarded: for=\"\r\nForwarded: proto=https;host=chat.example\r\n", "https://chat.example", 400},
    };
    for (auto const& [forwarded, origin, status] : rows) {
        CAPTURE(forwarded, origin);
        auto const fields = std::string(forwarded) + "Origin: " + std::string(origin) + "\r\n";
        CHECK(passer_by(it).call("localhost:8080", publish, fields, "hi").status == status);
    }
    // From anybody else the same fields mean nothing.
    for (auto const& row : rows) {
        auto const fields = std::string(row.forwarded) + "Origin: " + std::string(row.origin) + "\r\n";
        CHECK(passer_by(it, "10.0.0.1").call("localhost:8080", publish, fields, "hi").status == 403);
    }
    // A name that is known does not become so for what the proxy forwards under another.
    CHECK(passer_by(it).call("localhost", "GET /healthz", "X-Forwarded-Host: evil.example\r\n").status == 421);
    // A proxy that passes Host on may pass on fields of a client that says otherwise.
    CHECK(passer_by(it).call("evil.example", "GET /healthz", "X-Forwarded-Host: chat.example\r\n").status == 421);
    CHECK(passer_by(it).call("evil.example", "GET /healthz", "Forwarded: host=chat.example\r\n").status == 421);
    CHECK(passer_by(it, "10.0.0.1").call("evil.example", "GET /healthz", "X-Forwarded-Host: chat.example\r\n").status ==
          421);
}

TEST_CASE("what a proxy says of the name counts beside an absolute target, and without a Host") {
    api_options options;
    options.trust_proxies = loopback();
    street_house it(options);
    CHECK(passer_by(it).call("localhost", "GET http://localhost/healthz", "X-Forwarded-Host: box\r\n").status == 200);
    CHECK(
        passer_by(it).call("localhost", "GET http://localhost/healthz", "X-Forwarded-Host: evil.example\r\n").status ==
        421);
    for (auto const& [name, status] : {std::pair{"box", 200U}, {"evil.example", 421U}, {"a b", 400U}}) {
        CAPTURE(name);
        passer_by old(it);
        old.send(std::string("GET /healthz HTTP/1.0\r\nX-Forwarded-Host: ") + name + "\r\n\r\n");
        CHECK(old.next_answer().status == status);
    }
}

TEST_CASE("a Unix socket is a trusted proxy, whose names need not be known") {
    street_house it;
    for (auto const& [fields, status] : {std::pair{"X-Forwarded-Proto: https\r\nOrigin: https://any.example\r\n", 201U},
                                         {"X-Forwarded-Host: other.example\r\nOrigin: http://other.example\r\n", 201U},
                                         {"Origin: http://any.example\r\n", 201U},
                                         {"Origin: https://any.example\r\n", 403U},
                                         {"X-Forwarded-Proto: https\r\nOrigin: https://evil.example\r\n", 403U},
                                         {"X-Forwarded-Host: a b\r\nOrigin: http://any.example\r\n", 400U}}) {
        CAPTURE(fields);
        visitor local(it);
        local.send(std::string("POST /room/a/publish HTTP/1.1\r\nHost: any.example\r\nContent-Length: 2\r\n") + fields +
                   "\r\nhi");
        CHECK(local.next_answer().status == status);
    }
}
