// The facts of a room, and the list of the rooms in use.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

std::vector<room_facts> list_rooms(http_client& client, std::string const& query = "") {
    auto const answer = client.exchange(get("/rooms" + query));
    INFO(answer.text());
    REQUIRE(answer.status == 200);
    auto const object = answer.json();
    std::vector<room_facts> rooms;
    for (auto const& facts : object.at("rooms").as_array()) {
        rooms.push_back(parse_facts(facts.as_object()));
    }
    return rooms;
}

std::vector<std::string> names(std::vector<room_facts> const& rooms) {
    std::vector<std::string> all;
    for (auto const& room : rooms) {
        all.push_back(room.room);
    }
    return all;
}

}  // namespace

TEST_CASE("the facts of a room have its messages and its subscribers") {
    server_process const server{{"--history-messages", "3"}};
    room_client client{server.at(), "kitchen"};
    auto const first = client.publish("one");
    auto facts = client.facts();
    CHECK(facts.room == "kitchen");
    CHECK(facts.messages == 1);
    CHECK(facts.bytes >= 3);
    CHECK(facts.first == first);
    CHECK(facts.last == first);
    CHECK(facts.subscribers == 0);

    auto const second = client.publish(std::string(1000, 'x'));
    room_client waiting{server.at(), "kitchen"};
    waiting.start_poll("after=" + second);
    await_subscribers(server.at(), "kitchen", 1);
    facts = client.facts();
    CHECK(facts.messages == 2);
    CHECK(facts.bytes >= 1003);
    CHECK(facts.first == first);
    CHECK(facts.last == second);

    auto const third = client.publish("three");
    auto const fourth = client.publish("four");
    facts = client.facts();
    CHECK(facts.messages == 3);
    CHECK(facts.first == second);
    CHECK(facts.last == fourth);
    CHECK(third != fourth);
}

TEST_CASE("the facts of an unused room are those of an empty room, and create none") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const facts = client.facts();
    CHECK(facts.room == "kitchen");
    CHECK(facts.messages == 0);
    CHECK(facts.bytes == 0);
    CHECK(facts.subscribers == 0);
    CHECK(list_rooms(client.http()).empty());
}

TEST_CASE("the rooms in use are listed by name, with their facts") {
    server_process const server;
    std::vector<std::string> expected;
    for (auto const* name : {"kitchen", "hall", "attic", "Attic", "hall2", "żaba", "10", "9"}) {
        expected.emplace_back(name);
        auto const encoded = expected.back() == "żaba" ? "%C5%BCaba" : expected.back();
        room_client{server.at(), encoded}.publish("in " + expected.back());
    }
    std::ranges::sort(expected);
    http_client client{server.at()};

    auto const rooms = list_rooms(client);

    CHECK(names(rooms) == expected);
    for (auto const& room : rooms) {
        CHECK(room.messages == 1);
        CHECK(room.bytes >= room.room.size() + 3);
        CHECK(room.first == room.last);
        CHECK(number_of(room.last) == 1);
    }
}

TEST_CASE("the list of rooms is filtered by prefix and paged by name") {
    server_process const server;
    http_client client{server.at()};
    CHECK(list_rooms(client).empty());
    std::vector<std::string> expected;
    for (auto i = 0; i < 25; ++i) {
        expected.push_back("team-" + std::to_string(100 + i));
        room_client{server.at(), expected.back()}.publish("x");
    }
    room_client{server.at(), "other"}.publish("x");
    room_client{server.at(), "a%26b"}.publish("x");

    CHECK(names(list_rooms(client, "?prefix=team-")) == expected);
    CHECK(names(list_rooms(client, "?prefix=team-11")).size() == 10);
    CHECK(names(list_rooms(client, "?prefix=a%26")) == std::vector<std::string>{"a&b"});
    CHECK(list_rooms(client, "?prefix=nobody").empty());
    CHECK(list_rooms(client, "?prefix=").size() == 27);

    std::vector<std::string> paged;
    for (auto pages = 0; pages < 10; ++pages) {
        auto const last = paged.empty() ? std::string{} : "&after=" + paged.back();
        auto const page = names(list_rooms(client, "?prefix=team-&limit=10" + last));
        CHECK(page.size() <= 10);
        if (page.empty()) {
            break;
        }
        paged.insert(paged.end(), page.begin(), page.end());
    }
    CHECK(paged == expected);
    CHECK(names(list_rooms(client, "?after=team-123")) == std::vector<std::string>{"team-124"});
    CHECK(names(list_rooms(client, "?after=team-1235&limit=1")) == std::vector<std::string>{"team-124"});
}

TEST_CASE("an invalid request for the list of rooms is refused") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* query : {"?limit=0", "?limit=x", "?limit=-1"}) {
        INFO(query);
        check_problem(client.exchange(get("/rooms" + std::string{query})), 400);
    }
}
