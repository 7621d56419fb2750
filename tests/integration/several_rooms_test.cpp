// Several rooms in one subscription: one cursor for all of them, in every form.
#include "http_client.hpp"
#include "multi_room_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

std::vector<std::string> const three{"kitchen", "hall", "caf\xc3\xa9, @ 50%"};

std::string publish(server_process const& server, std::string const& room, std::string const& text) {
    return room_client{server.at(), percent_encoded(room)}.publish(text);
}

std::string texts_of(multi_room_client::batch const& found) {
    std::string all;
    for (auto const& each : found.messages) {
        all += each.room.value() + ": " + boost::json::value_to<std::string>(each.data) + "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("a subscription to several rooms delivers the messages of each, with its room") {
    auto const how = GENERATE(from_range(all_forms));
    INFO(name_of(how));
    server_process const server;
    multi_room_client client{server.at()};
    auto const now = http_client{server.at()}.exchange(get(target_for_rooms("/subscribe", three, "wait=0")));
    CHECK(now.status == 204);
    client.cursor() = composite_cursor{now.header("Last-Event-ID")};
    CHECK(client.cursor().size() == 3);
    for (auto const& room : three) {
        auto const id = publish(server, room, "hello " + room);
        auto const found = client.next(how, three);
        CHECK(found.gaps.empty());
        REQUIRE(found.messages.size() == 1);
        CHECK(found.messages[0].id == id);
        CHECK(texts_of(found) == room + ": hello " + room + "\n");
        CHECK(client.cursor().at(room) == id);
    }
}

TEST_CASE("one room in the query is delivered in the form for several") {
    auto const how = GENERATE(from_range(all_forms));
    INFO(name_of(how));
    server_process const server;
    auto const id = publish(server, "kitchen", "hello");
    multi_room_client client{server.at()};
    client.cursor().set("kitchen", "0");
    CHECK(texts_of(client.next(how, {"kitchen"})) == "kitchen: hello\n");
    CHECK(client.cursor().text() == "kitchen@" + id);
}

TEST_CASE("0 is the beginning of every room, and a room without a cursor starts now") {
    auto const how = GENERATE(from_range(all_forms));
    INFO(name_of(how));
    server_process const server;
    publish(server, "kitchen", "old");
    publish(server, "hall", "old");
    multi_room_client client{server.at()};
    client.cursor().set("kitchen", "0");
    CHECK(texts_of(client.next(how, {"hall", "kitchen"})) == "kitchen: old\n");
    auto const id = publish(server, "hall", "new");
    client.cursor().set("attic", "zzz-7");  // not subscribed to: ignored
    CHECK(texts_of(client.next(how, {"hall", "kitchen"})) == "hall: new\n");
    CHECK(client.cursor().at("hall") == id);
    CHECK(client.cursor().at("attic") == "zzz-7");

    auto const all = parse_poll_response(
        http_client{server.at()}.exchange(get("/subscribe?room=kitchen&room=hall&after=0", {{"Accept", json_type}})));
    CHECK(all.messages.size() == 3);
    CHECK(all.gaps.empty());
}

TEST_CASE("a room named twice counts once") {
    auto const how = GENERATE(from_range(all_forms));
    INFO(name_of(how));
    server_process const server;
    multi_room_client client{server.at()};
    client.cursor().set("kitchen", "0");
    client.cursor().set("hall", "0");
    publish(server, "kitchen", "a");
    publish(server, "hall", "b");
    std::vector<std::string> const rooms{"kitchen", "hall", "kitchen", "kitchen"};
    CHECK(texts_of(client.next(how, rooms)) == "kitchen: a\n");
    CHECK(texts_of(client.next(how, rooms)) == "hall: b\n");
    CHECK(client.cursor().size() == 2);
}

TEST_CASE("gaps in several rooms are reported room by room") {
    auto const how = GENERATE(from_range(all_forms));
    INFO(name_of(how));
    server_process const server{{"--history-messages", "2"}};
    std::string first_in_kitchen;
    for (auto const* text : {"1", "2", "3", "4", "5"}) {
        auto const id = publish(server, "kitchen", text);
        first_in_kitchen = first_in_kitchen.empty() ? id : first_in_kitchen;
        publish(server, "hall", text);
    }
    multi_room_client client{server.at()};
    client.cursor().set("kitchen", first_in_kitchen);
    client.cursor().set("hall", "zzz-3");
    std::string heard;
    std::string gaps;
    for (auto count = 0U; count < 4;) {
        auto const found = client.next(how, {"kitchen", "hall"});
        count += found.messages.size();
        heard += texts_of(found);
        for (auto const& each : found.gaps) {
            gaps += each.room + " " + each.reason + (each.missed ? std::to_string(*each.missed) : "") + "\n";
        }
    }
    // Older messages first; messages of the same millisecond in the order of the rooms in the query.
    CHECK((heard == "kitchen: 4\nhall: 4\nkitchen: 5\nhall: 5\n" ||
           heard == "kitchen: 4\nkitchen: 5\nhall: 4\nhall: 5\n"));
    CHECK(gaps.starts_with("kitchen evicted2\nhall restarted"));
    CHECK(gaps.ends_with("\n"));
}

TEST_CASE("a hundred rooms are accepted, a hundred and one are refused") {
    server_process const server{{"--threads", "2"}};
    std::vector<std::string> rooms;
    for (auto i = 0; i < 100; ++i) {
        rooms.push_back("room-" + std::to_string(i) + "-" + std::string(100, 'x'));
    }
    multi_room_client client{server.at()};
    for (auto const& room : rooms) {
        client.cursor().set(room, "0");
    }
    for (auto i = 0U; i < 100; i += 7) {
        auto const how = all_forms.at(i % 5);
        INFO(name_of(how) << ' ' << i);
        auto const id = publish(server, rooms[i], "x");
        auto const found = client.next(how, rooms);
        REQUIRE(found.messages.size() == 1);
        CHECK(found.messages[0].room == rooms[i]);
        CHECK(found.messages[0].id == id);
    }
    rooms.emplace_back("one-more");
    http_client refused{server.at()};
    check_problem(refused.exchange(get(target_for_rooms("/subscribe", rooms))), 400,
                  "one call may name 100 rooms; ask for the others in another");
    check_problem(refused.exchange(post(target_for_rooms("/publish", rooms), "x")), 400,
                  "one call may name 100 rooms; ask for the others in another");
}

TEST_CASE("a subscriber of several rooms is counted in each, and removed from each") {
    server_process const server;
    stream_client reader{server.at(), target_for_rooms("/subscribe", three), ndjson_type};
    for (auto const& room : three) {
        await_subscribers(server.at(), percent_encoded(room), 1);
    }
    reader.raw().reset();
    for (auto const& room : three) {
        await_subscribers(server.at(), percent_encoded(room), 0);
    }
}
