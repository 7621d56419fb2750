// `client`: a newer subscription of the same client in the same room ends the older one at once.
#include "http_client.hpp"
#include "multi_room_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom::integration;

TEST_CASE("a newer poll of the same client ends the older one at once, across shards") {
    server_process const server{{"--threads", "2"}};
    auto const id = room_client{server.at(), "kitchen"}.publish("before");
    for (auto round = 0; round < 10; ++round) {
        room_client older{server.at(), "kitchen"};
        older.start_poll("client=tab-1&wait=60");
        await_subscribers(server.at(), "kitchen", 1);
        room_client newer{server.at(), "kitchen"};
        newer.start_poll("client=tab-1&wait=60", {});
        auto const ended = older.finish_poll();
        CHECK(ended.superseded);
        CHECK(ended.messages.empty());
        CHECK_FALSE(ended.draining);
        CHECK(ended.next == id);
        await_subscribers(server.at(), "kitchen", 1);

        room_client newest{server.at(), "kitchen"};
        newest.start_poll("client=tab-1&wait=60");
        auto const raw = newer.http().receive();
        CHECK(raw.status == 204);
        CHECK(raw.header("Superseded") == "?1");
        CHECK(raw.header("Last-Event-ID") == id);
        await_subscribers(server.at(), "kitchen", 1);
        // The connection of a superseded poll is still usable.
        CHECK(older.facts().subscribers == 1);
        CHECK(newer.http().exchange(get("/healthz")).status == 200);
        newest.http().raw().reset();
        await_subscribers(server.at(), "kitchen", 0);
    }
}

TEST_CASE("another client id, or the same in another room, supersedes nothing") {
    server_process const server;
    room_client one{server.at(), "kitchen"};
    room_client two{server.at(), "kitchen"};
    room_client nobody{server.at(), "kitchen"};
    room_client elsewhere{server.at(), "hall"};
    one.start_poll("client=tab-1");
    two.start_poll("client=tab-2");
    nobody.start_poll();
    elsewhere.start_poll("client=tab-1");
    await_subscribers(server.at(), "kitchen", 3);
    await_subscribers(server.at(), "hall", 1);
    auto const id = room_client{server.at(), "kitchen"}.publish("hello");
    for (auto* each : {&one, &two, &nobody}) {
        auto const answer = each->finish_poll();
        CHECK_FALSE(answer.superseded);
        CHECK(answer.next == id);
    }
    room_client{server.at(), "hall"}.publish("hello");
    CHECK_FALSE(elsewhere.finish_poll().superseded);
}

TEST_CASE("in several rooms the newer one ends those in any of them") {
    server_process const server{{"--threads", "2"}};
    room_client kitchen{server.at(), "kitchen"};
    kitchen.start_poll("client=tab-1");
    room_client hall{server.at(), "hall"};
    hall.start_poll("client=tab-1");
    await_subscribers(server.at(), "kitchen", 1);
    await_subscribers(server.at(), "hall", 1);
    stream_client both{server.at(), target_for_rooms("/subscribe", {"kitchen", "hall"}, "client=tab-1"), ndjson_type};
    CHECK(kitchen.finish_poll().superseded);
    CHECK(hall.finish_poll().superseded);
    websocket_client const socket{server.at(), "/room/hall/subscribe?client=tab-1"};
    auto const item = both.next();
    REQUIRE(item);
    CHECK(item->is == stream_event::kind::superseded);
    CHECK_FALSE(both.next());
}

TEST_CASE("a client that sends one poll after another supersedes nobody") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto cursor = client.cursor();
    for (auto i = 0; i < 20; ++i) {
        auto const id = client.publish("x");
        auto const answer = client.poll("client=tab-1&after=" + cursor);
        CHECK_FALSE(answer.superseded);
        CHECK(answer.next == id);
        cursor = answer.next;
    }
}

TEST_CASE("a poll that is behind is answered at once, and still ends the older one") {
    server_process const server;
    room_client writer{server.at(), "kitchen"};
    auto const id = writer.publish("hello");
    room_client older{server.at(), "kitchen"};
    older.start_poll("client=tab-1&after=" + id);
    await_subscribers(server.at(), "kitchen", 1);
    auto const answer = writer.poll("client=tab-1&after=0");
    CHECK_FALSE(answer.superseded);
    CHECK(answer.messages.size() == 1);
    CHECK(older.finish_poll().superseded);
}

TEST_CASE("a client id is 1 to 128 visible characters") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    for (auto const& id : {std::string(128, 'x'), std::string{"a%2Fb%26%22"}, std::string{"~"}}) {
        CHECK(client.poll_raw("wait=0&client=" + id).status == 204);
    }
    for (auto const& id : {std::string{}, std::string(129, 'x'), std::string{"a%20b"}, std::string{"%C3%A9"}}) {
        INFO(id);
        check_problem(client.poll_raw("wait=0&client=" + id), 400,
                      "'client' must be 1 to 128 visible ASCII characters");
    }
}
