// Request bodies: chunks, Expect: 100-continue, and the size limit.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom::integration;

namespace {

constexpr std::size_t default_limit = 64 * 1024;

/// The head of a publish whose body is sent separately.
request publish_head(header_list headers) {
    headers.emplace_back("Content-Type", "text/plain");
    return {.method = "POST", .target = "/room/kitchen/publish", .headers = std::move(headers)};
}

}  // namespace

TEST_CASE("a chunked body is one message") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    std::string const text = "a message in several chunks";
    for (std::size_t size : {1U, 5U, 100U}) {
        auto const cursor = client.cursor();
        client.http().send(publish_head({{"Transfer-Encoding", "chunked"}}));
        client.http().send(chunked(text, size));
        CHECK(client.http().receive().status == 201);
        CHECK(client.poll("after=" + cursor).texts() == std::vector{text});
    }
    client.http().send(publish_head({{"Transfer-Encoding", "chunked"}}));
    client.http().send("5;name=value\r\nhello\r\n0\r\nTrailer: x\r\n\r\n");
    CHECK(client.http().receive().status == 201);
    client.http().send(publish_head({{"Transfer-Encoding", "chunked"}}));
    client.http().send("0\r\n\r\n");
    check_problem(client.http().receive(), 400);
    CHECK(client.facts().messages == 4);
}

TEST_CASE("a client that expects 100-continue gets it, then the response") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    client.http().send(publish_head({{"Content-Length", "5"}, {"Expect", "100-continue"}}));
    CHECK(client.http().receive().status == 100);
    client.http().send("hello");
    CHECK(client.http().receive().status == 201);

    client.http().send(publish_head({{"Transfer-Encoding", "chunked"}, {"Expect", "100-Continue"}}));
    CHECK(client.http().receive().status == 100);
    client.http().send(chunked("world", 2));
    CHECK(client.http().receive().status == 201);

    CHECK(client.poll("after=0").texts() == std::vector<std::string>{"hello", "world"});
}

TEST_CASE("a body as large as the limit is accepted, one byte more is not") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    client.publish(std::string(default_limit, 'x'));
    check_problem(client.http().exchange(post(client.target("/publish"), std::string(default_limit + 1, 'x'))), 413);
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 1);
}

TEST_CASE("--max-body sets the limit") {
    server_process const server{{"--max-body", "10"}};
    CHECK(room_client{server.at(), "kitchen"}.publish("0123456789").size() > 2);
    http_client client{server.at()};
    check_problem(client.exchange(post("/room/kitchen/publish", "0123456789a")), 413);
}

TEST_CASE("a body with too large a Content-Length is refused before it is sent") {
    server_process const server;
    for (auto const* length : {"65537", "70000", "4294967296", "9223372036854775807"}) {
        INFO(length);
        http_client client{server.at()};
        client.send(publish_head({{"Content-Length", length}}));
        check_problem(client.receive(), 413);
    }
}

TEST_CASE("a body that is too large gets no 100-continue") {
    server_process const server;
    http_client client{server.at()};
    client.send(publish_head({{"Content-Length", "70000"}, {"Expect", "100-continue"}}));
    check_problem(client.receive(), 413);
}

TEST_CASE("an unknown expectation is refused") {
    server_process const server;
    http_client client{server.at()};
    client.send(publish_head({{"Content-Length", "5"}, {"Expect", "the best"}}));
    static_cast<void>(client.raw().try_send("hello"));
    auto const answer = client.receive();
    CHECK(answer.status == 417);
}

TEST_CASE("a chunked body that grows too large is refused") {
    server_process const server;
    http_client client{server.at()};
    client.send(publish_head({{"Transfer-Encoding", "chunked"}}));
    // The server may close before everything is sent: its response must arrive all the same.
    static_cast<void>(client.raw().try_send(chunked(std::string(default_limit + 5000, 'x'), 1000)));
    check_problem(client.receive(), 413);
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
}

TEST_CASE("a client that sends far too much at once still gets its response") {
    server_process const server;
    http_client client{server.at()};
    auto const large = post("/room/kitchen/publish", std::string(1024 * 1024, 'x'));
    static_cast<void>(client.raw().try_send(large.bytes()));
    check_problem(client.receive(), 413);
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
}

TEST_CASE("a client that sends all of a long body over a kept connection before it reads gets its response") {
    server_process const server;
    for (auto const megabytes : {3U, 10U}) {
        INFO(megabytes);
        http_client client{server.at()};
        CHECK(client.exchange(get("/healthz")).status == 200);
        auto const large = post("/room/kitchen/publish", std::string(megabytes * 1024 * 1024, 'x'));
        CHECK(client.raw().try_send(large.bytes()));
        check_problem(client.receive(), 413);
    }
}

TEST_CASE("a connection that begins with a TLS handshake is closed at once, and logged") {
    server_process const server;
    http_client client{server.at()};
    client.send(std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11});
    check_problem(client.receive(), 400);
    CHECK(client.is_closed_within());
    CHECK(server.err().wait_until([](std::string const& text) { return text.find("TLS") != std::string::npos; },
                                  default_timeout));
}

TEST_CASE("the body of a request that needs none is skipped") {
    server_process const server;
    http_client client{server.at()};
    client.send(request{.target = "/healthz", .body = "GET /nothing HTTP/1.1\r\n\r\n"});
    CHECK(client.receive().status == 200);
    client.send(request{.target = "/room/kitchen/subscribe?wait=0", .body = "ignored"});
    CHECK(client.receive().status == 204);
    CHECK(client.exchange(get("/readyz")).status == 200);
}
