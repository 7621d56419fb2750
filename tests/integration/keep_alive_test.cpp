// Keep-alive and pipelining: many requests on one connection, several at once, and when it is closed.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom::integration;

TEST_CASE("one connection carries any number of polls") {
    server_process const server;
    room_client reader{server.at(), "kitchen"};
    room_client writer{server.at(), "kitchen"};
    auto cursor = reader.cursor();
    for (auto i = 0; i < 500; ++i) {
        auto const text = std::to_string(i);
        reader.start_poll("after=" + cursor, i % 2 == 0 ? header_list{} : header_list{{"Accept", json_type}});
        auto const id = writer.publish(text);
        auto const answer = reader.http().receive();
        CHECK(answer.status == 200);
        CHECK(answer.body.find(text) != std::string::npos);
        CHECK(answer.header("Last-Event-ID") == id);
        cursor = id;
    }
}

TEST_CASE("pipelined requests are answered in order") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    std::string all;
    for (auto i = 0; i < 100; ++i) {
        all += post(client.target("/publish"), std::to_string(i)).bytes();
        all += get("/nothing").bytes();
        all += request{.method = "HEAD", .target = "/healthz"}.bytes();
    }
    all += get(client.target("/messages?limit=1000")).bytes();
    client.http().send(all);
    for (auto i = 0; i < 100; ++i) {
        CHECK(number_of(boost::json::value_to<std::string>(client.http().receive().json().at("id"))) ==
              static_cast<std::uint64_t>(i) + 1);
        CHECK(client.http().receive().status == 404);
        CHECK(client.http().receive(default_timeout, true).status == 200);
    }
    auto const history = parse_messages(client.http().receive().json());
    REQUIRE(history.size() == 100);
    CHECK(history.front().data == "0");
    CHECK(history.back().data == "99");
}

TEST_CASE("a request pipelined behind a poll is answered after it") {
    server_process const server;
    room_client client{server.at(), "kitchen"};

    SECTION("without a message") {
        // The publish behind the poll cannot wake it.
        client.start_poll("wait=1", {});
        client.http().send(post(client.target("/publish"), "late"));
        client.start_poll("after=0", {});
        stopwatch const watch;
        CHECK(client.http().receive().status == 204);
        CHECK(watch.elapsed() >= 900ms);
        CHECK(client.http().receive().status == 201);
        CHECK(client.http().receive().body == "late");
    }
    SECTION("when another client publishes") {
        client.start_poll("", {});
        client.http().send(post(client.target("/publish"), "second"));
        client.start_poll("after=0&limit=10");
        await_subscribers(server.at(), "kitchen", 1);
        room_client{server.at(), "kitchen"}.publish("first");
        CHECK(client.http().receive().body == "first");
        CHECK(client.http().receive().status == 201);
        CHECK(client.finish_poll().texts() == std::vector<std::string>{"first", "second"});
    }
    SECTION("when the rest of a request arrives while the poll waits") {
        auto const behind = get("/healthz").bytes();
        client.start_poll("", {});
        client.http().send(behind.substr(0, 10));
        await_subscribers(server.at(), "kitchen", 1);
        client.http().send(behind.substr(10));
        room_client{server.at(), "kitchen"}.publish("first");
        CHECK(client.http().receive().body == "first");
        CHECK(client.http().receive().status == 200);
    }
}

TEST_CASE("Connection: close is honoured and sent back") {
    server_process const server;
    for (auto const* target : {"/healthz", "/room/kitchen/subscribe?wait=0", "/nothing", "/"}) {
        INFO(target);
        http_client client{server.at()};
        client.send(get(target, {{"Connection", "close"}}).bytes() + get("/healthz").bytes());
        auto const answer = client.receive();
        CHECK(answer.header("Connection") == "close");
        CHECK(client.is_closed_within());
    }
}

TEST_CASE("an HTTP/1.0 connection is closed after the response unless it asks for keep-alive") {
    server_process const server;
    room_client{server.at(), "kitchen"}.publish("hello");
    for (auto const* target : {"/room/kitchen/subscribe?after=0", "/rooms", "/room/kitchen/subscribe?wait=0", "/"}) {
        INFO(target);
        http_client client{server.at()};
        client.send(request{.target = target, .version = "HTTP/1.0"});
        auto const answer = client.receive();
        CHECK(answer.status < 300);
        CHECK_FALSE(answer.has("Transfer-Encoding"));
        CHECK(client.is_closed_within());
    }
    http_client keeping{server.at()};
    for (auto i = 0; i < 3; ++i) {
        keeping.send(request{.target = "/healthz", .headers = {{"Connection", "keep-alive"}}, .version = "HTTP/1.0"});
        auto const answer = keeping.receive();
        CHECK(answer.status == 200);
        CHECK(answer.header("Connection") == "keep-alive");
    }
    http_client bare{server.at()};
    bare.send("GET /healthz HTTP/1.0\r\n\r\n");
    CHECK(bare.receive().status == 200);
}

TEST_CASE("an HTTP/1.0 client can poll") {
    server_process const server;
    http_client client{server.at()};
    client.send(request{.target = "/room/kitchen/subscribe", .version = "HTTP/1.0"});
    await_subscribers(server.at(), "kitchen", 1);
    room_client{server.at(), "kitchen"}.publish("hello");
    CHECK(client.receive().body == "hello");
    CHECK(client.is_closed_within());
}

TEST_CASE("a request may arrive byte by byte") {
    server_process const server;
    http_client client{server.at()};
    auto const bytes = post("/room/kitchen/publish", "hello").bytes() +
                       get("/room/kitchen/subscribe?after=0", {{"Accept", json_type}}).bytes();
    for (auto const byte : bytes) {
        client.send(std::string_view{&byte, 1});
    }
    CHECK(client.receive().status == 201);
    CHECK(parse_poll_response(client.receive()).texts() == std::vector<std::string>{"hello"});
}
