// A room that was removed because nobody used it, and is created again: no id is ever used for two messages.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

TEST_CASE("a room whose messages have all expired is removed, and its old cursors are gaps when it is created again") {
    server_process const server{{"--history-age", "1s"}};
    // A request for a room counts as use, so each is requested once.
    std::vector<room_client> rooms;
    std::vector<std::string> cursors;
    for (auto i = 0; i < 20; ++i) {
        rooms.emplace_back(server.at(), "room" + std::to_string(i));
        rooms.back().publish("one");
        cursors.push_back(rooms.back().publish("two"));
    }
    std::size_t at = 0;
    for (auto removed = false; !removed; ++at) {
        REQUIRE(at + 1 < rooms.size());
        auto const answer = rooms[at].poll("wait=1&after=" + cursors[at]);
        CHECK(answer.messages.empty());
        removed = !answer.gaps.empty();
        if (removed) {
            // Nothing has been published in the new room yet.
            CHECK(answer.gaps[0].reason == "restarted");
            rooms[at].publish("three");
            CHECK(rooms[at].poll("after=" + answer.next).texts() == std::vector<std::string>{"three"});
        }
    }
    // The room beside it is just as old.
    auto const reborn = rooms[at].publish("three");
    CHECK(epoch_of(reborn) != epoch_of(cursors[at]));
    auto const answer = rooms[at].poll("wait=60&after=" + cursors[at]);
    REQUIRE(answer.gaps.size() == 1);
    CHECK(answer.gaps[0].reason == "restarted");
    CHECK(answer.texts() == std::vector<std::string>{"three"});
    CHECK(answer.next == reborn);
}

TEST_CASE("a room that holds no messages any more is not listed") {
    server_process const server{{"--history-age", "300ms"}};
    room_client client{server.at(), "kitchen"};
    auto const listed = [&] { return client.http().exchange(get("/rooms")).body.find("kitchen") != std::string::npos; };
    client.publish("one");
    CHECK(eventually([&] { return !listed(); }));
    client.publish("two");
    CHECK(listed());
}

TEST_CASE("a waiting poll keeps its room") {
    server_process const server{{"--history-age", "300ms"}};
    room_client client{server.at(), "kitchen"};
    auto const old = client.publish("one");
    client.start_poll("wait=60&after=" + old);
    await_subscribers(server.at(), "kitchen", 1);
    room_client other{server.at(), "kitchen"};
    REQUIRE(eventually([&] { return other.facts().messages == 0; }));

    auto const id = other.publish("two");

    CHECK(epoch_of(id) == epoch_of(old));
    CHECK(number_of(id) == 2);
    auto const answer = client.finish_poll();
    CHECK(answer.gaps.empty());
    CHECK(answer.texts() == std::vector<std::string>{"two"});
}
