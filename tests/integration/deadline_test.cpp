// The deadlines of a connection: slow clients are dropped, and only those.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom::integration;

namespace {

/// Checks that the connection is closed, with or without a 408 first, and not before the deadline.
void check_dropped(http_client& client, stopwatch const& watch) {
    auto const answer = client.receive_or_end();
    CHECK(watch.elapsed() >= 250ms);
    if (answer) {
        INFO(answer->text());
        CHECK(answer->status == 408);
        CHECK(answer->header("Connection") == "close");
        CHECK(client.is_closed_within());
    }
}

}  // namespace

TEST_CASE("an incomplete header times out after --header-timeout") {
    server_process const server{{"--header-timeout", "300ms"}};
    for (auto const* bytes : {"G", "GET /healthz HTTP/1.1\r\n", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"}) {
        INFO(bytes);
        http_client client{server.at()};
        stopwatch const watch;
        client.send(bytes);
        check_dropped(client, watch);
    }
    http_client second{server.at()};
    CHECK(second.exchange(get("/healthz")).status == 200);
    stopwatch const watch;
    second.send("GET /hea");
    check_dropped(second, watch);
}

TEST_CASE("a header that trickles in gets no extra time per byte") {
    server_process const server{{"--header-timeout", "300ms"}};
    http_client client{server.at()};
    stopwatch const watch;
    client.send("GET /healthz HTTP/1.1\r\nX: ");
    // Waiting for the connection to close is the pause between two bytes.
    while (client.is_quiet_for(50ms) && watch.elapsed() < default_timeout) {
        static_cast<void>(client.raw().try_send("x"));
    }
    CHECK(watch.elapsed() < default_timeout);
}

TEST_CASE("an incomplete body times out after --body-timeout") {
    server_process const server{{"--body-timeout", "300ms"}};
    auto const with_length = post("/room/kitchen/publish", "hello").bytes();
    auto const in_chunks =
        "POST /room/kitchen/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    for (auto const& bytes : {with_length.substr(0, with_length.size() - 1), std::string{in_chunks}}) {
        INFO(bytes);
        http_client client{server.at()};
        stopwatch const watch;
        client.send(bytes);
        check_dropped(client, watch);
    }
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
}

TEST_CASE("an idle keep-alive connection is closed after --idle-timeout") {
    server_process const server{{"--idle-timeout", "300ms"}};
    http_client client{server.at()};
    CHECK(client.exchange(get("/healthz")).status == 200);
    stopwatch const watch;
    CHECK(client.is_closed_within());
    CHECK(watch.elapsed() >= 200ms);
}

TEST_CASE("a connection without any request is closed") {
    server_process const server{{"--idle-timeout", "300ms", "--header-timeout", "300ms"}};
    http_client client{server.at()};
    stopwatch const watch;
    check_dropped(client, watch);
}

TEST_CASE("a poll that was answered late leaves the connection usable") {
    server_process const server{{"--idle-timeout", "400ms", "--header-timeout", "400ms"}};
    room_client client{server.at(), "kitchen"};
    CHECK(client.poll_raw("wait=1").status == 204);
    CHECK(client.poll_raw("wait=1").status == 204);
    CHECK(client.publish("still here").size() > 2);
}
