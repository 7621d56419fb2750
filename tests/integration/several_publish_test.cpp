// Publishing several messages at a time, one to several rooms or a batch to one: all or none.
#include "composite_cursor.hpp"
#include "http_client.hpp"
#include "multi_room_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

std::vector<std::string> ids_of(response const& answer) {
    return json::value_to<std::vector<std::string>>(answer.json().at("ids"));
}

std::uint64_t messages_in(server_process const& server, std::string const& room) {
    return room_client{server.at(), room}.facts().messages;
}

}  // namespace

TEST_CASE("a message to several rooms is in each of them, and its receipt counts the subscribers of all") {
    server_process const server{{"--threads", "2"}};
    room_client{server.at(), "hall"}.publish("before");
    stream_client one{server.at(), "/room/hall/subscribe", ndjson_type};
    stream_client both{server.at(), target_for_rooms("/subscribe", {"kitchen", "hall"}), ndjson_type};
    await_subscribers(server.at(), "hall", 2);
    http_client client{server.at()};

    auto const answer = client.exchange(
        post(target_for_rooms("/publish", {"kitchen", "hall", "caf\xc3\xa9", "hall"}, "as=ann"), "hello"));

    INFO(answer.text());
    REQUIRE(answer.status == 201);
    auto const receipt = answer.json();
    CHECK(receipt.size() == 3);
    CHECK(receipt.at("subscribers").to_number<int>() == 3);
    composite_cursor const ids{json::value_to<std::string>(receipt.at("id"))};
    CHECK(ids.size() == 3);
    for (auto const& room : {std::string{"kitchen"}, std::string{"hall"}, std::string{"caf\xc3\xa9"}}) {
        auto const polled = room_client{server.at(), percent_encoded(room)}.poll("after=0");
        REQUIRE_FALSE(polled.messages.empty());
        CHECK(polled.messages.back().id == ids.at(room));
        CHECK(polled.messages.back().from == "ann");
        CHECK(polled.messages.back().time == receipt.at("time").to_number<std::int64_t>());
        CHECK(polled.next == ids.at(room));
    }
    CHECK(one.next_message().id == ids.at("hall"));
    auto const first = both.next_message();
    auto const second = both.next_message();
    CHECK(first.room != second.room);
    CHECK(ids.at(first.room.value()) == first.id);
    CHECK(ids.at(second.room.value()) == second.id);
}

TEST_CASE("one room in the query is answered in the form for several") {
    server_process const server;
    auto const answer = http_client{server.at()}.exchange(post("/publish?room=kitchen", "hello"));
    REQUIRE(answer.status == 201);
    auto const id = room_client{server.at(), "kitchen"}.poll("after=0").next;
    CHECK(answer.json().at("id") == json::value("kitchen@" + id));
}

TEST_CASE("a batch is one message per line, in order, contiguous") {
    server_process const server;
    room_client reader{server.at(), "kitchen"};
    reader.publish("before");
    http_client client{server.at()};
    auto const answer = client.exchange(
        post("/room/kitchen/publish?as=ann", "\"one\"\n{ \"two\" : 2 }\r\n\n  \n[3]\nnull", ndjson_type));
    INFO(answer.text());
    REQUIRE(answer.status == 201);
    auto const ids = ids_of(answer);
    auto const polled = reader.poll("after=0").messages;
    REQUIRE(polled.size() == 5);
    REQUIRE(ids.size() == 4);
    std::vector<json::value> const expected{"one", json::object{{"two", 2}}, json::array{3}, nullptr};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        CHECK(polled[i + 1].id == ids[i]);
        CHECK(polled[i + 1].data == expected[i]);
        CHECK(polled[i + 1].from == "ann");
        CHECK(number_of(ids[i]) == i + 2);
    }
    CHECK(reader.poll_raw("after=" + polled[0].id).body == "\"one\"");
}

TEST_CASE("a batch wakes a subscriber once, with all of it") {
    server_process const server;
    room_client reader{server.at(), "kitchen"};
    reader.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    std::string lines;
    for (auto i = 0; i < 50; ++i) {
        lines += std::to_string(i) + "\n";
    }
    auto const answer = http_client{server.at()}.exchange(post("/room/kitchen/publish", lines, ndjson_type));
    CHECK(answer.json().at("subscribers").to_number<int>() == 1);
    CHECK(reader.finish_poll().messages.size() == 50);
}

TEST_CASE("a batch to several rooms is in each of them as a whole") {
    server_process const server;
    auto const answer = http_client{server.at()}.exchange(
        post(target_for_rooms("/publish", {"kitchen", "hall"}), "1\n2\n3", ndjson_type));
    INFO(answer.text());
    REQUIRE(answer.status == 201);
    for (auto const* room : {"kitchen", "hall"}) {
        auto const polled = room_client{server.at(), room}.poll("after=0").messages;
        REQUIRE(polled.size() == 3);
        CHECK(polled[2].data == json::value(3));
    }
    auto const ids = ids_of(answer);
    REQUIRE(ids.size() == 3);
    CHECK(composite_cursor{ids[2]}.at("hall") == room_client{server.at(), "hall"}.poll("after=0").next);
}

TEST_CASE("a batch with an invalid line publishes nothing") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    struct refusal {
        std::string body;
        std::string detail;
    };
    std::vector<refusal> const refusals{
        {"1\n2\n{", "line 3 is not valid JSON; no line was published"},
        {"nope\n1", "line 1 is not valid JSON; no line was published"},
        {"1\n\n2 3\n", "line 3 is not valid JSON; no line was published"},
        {"\"\xff\"\n1", "line 1 is not valid JSON; no line was published"},
        {"\n \r\n\t\n", "the batch has no line that is a message"},
        {"", "the body is the message, and it is empty"},
    };
    for (auto const& [body, detail] : refusals) {
        INFO(body);
        check_problem(client.http().exchange(post(client.target("/publish"), body, ndjson_type)), 400, detail);
        check_problem(
            client.http().exchange(post(target_for_rooms("/publish", {"kitchen", "hall"}), body, ndjson_type)), 400,
            detail);
    }
    CHECK(messages_in(server, "kitchen") == 0);
    CHECK(messages_in(server, "hall") == 0);
}

TEST_CASE("a message to several rooms, one of them invalid, is in none") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* rooms :
         {"room=kitchen&room=", "room=kitchen&room=a/b", "room=kitchen&room=%FF", "room=kitchen&room=%0A"}) {
        INFO(rooms);
        check_problem(client.exchange(post("/publish?" + std::string{rooms}, "x")), 400);
    }
    check_problem(client.exchange(post("/publish?room=kitchen&room=hall:presence", "x")), 403,
                  "a room of joins and leaves is published by the server alone");
    check_problem(client.exchange(post("/room/hall/publish?room=kitchen", "x")), 400,
                  "name rooms in the path or in the query, not in both");
    CHECK(messages_in(server, "kitchen") == 0);
    CHECK(messages_in(server, "hall") == 0);
}

TEST_CASE("a message that does not fit in the memory budget is in none of its rooms") {
    server_process const server{{"--memory", "64K", "--max-body", "60K"}};
    http_client client{server.at()};
    auto const answer =
        client.exchange(post(target_for_rooms("/publish", {"kitchen", "hall", "attic"}), std::string(40'000, 'x')));
    INFO(answer.text());
    auto const everywhere = answer.status == 201;
    if (!everywhere) {
        check_problem(answer, 503);
        CHECK_FALSE(answer.header("Retry-After").empty());
    }
    for (auto const* room : {"kitchen", "hall", "attic"}) {
        auto const polled = room_client{server.at(), room}.poll("after=0&wait=0");
        CHECK(polled.messages.size() + (polled.gaps.empty() ? 0 : 1) == (everywhere ? 1U : 0U));
    }
}
