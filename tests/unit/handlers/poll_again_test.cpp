// Polls that continue on their connection, and the turns that a crowd takes.
#include "handlers/house.hpp"

#include <deque>

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("a poll with the cursor that was given is answered by what was kept of the one before") {
    anteroom_house it;
    visitor who(it);
    auto next = who.ask("GET /room/a/subscribe?wait=0").field("Last-Event-ID");
    CHECK(who.ask("GET /room/a/subscribe?after=" + next).status == 0);
    CHECK(it.service.continued() == 0);  // the first asked for more than a cursor
    for (int i = 1; i <= 3; ++i) {
        auto const text = std::to_string(i);
        next = it.publish("a", text);
        CHECK(who.next_answer().body == text);
        CHECK(who.ask("GET /room/a/subscribe?after=" + next).status == 0);
        CHECK(it.service.continued() == i);
    }
    it.advance(std::chrono::seconds(25));
    CHECK(who.next_answer().status == 204);
    it.append("a", "kept");
    CHECK(who.ask("GET /room/a/subscribe?after=" + next).body == "kept");
    CHECK(it.service.continued() == 4);
    CHECK(who.ask("GET /room/a/subscribe?after=0").body == "1");
    CHECK(it.service.continued() == 4);
}

TEST_CASE("a poll that continues ends as any other") {
    api_options options;
    options.allow_origins = {"https://app.example"};
    anteroom_house it(options);
    visitor one(it);
    visitor two(it);
    auto const id = it.publish("a", "x");
    constexpr std::string_view origin = "Origin: https://app.example\r\n";
    for (auto* each : {&one, &two}) {
        CHECK(each->ask("GET /room/a/subscribe?after=0", origin).body == "x");
        CHECK(each->ask("GET /room/a/subscribe?after=" + id, origin).status == 0);
    }
    CHECK(it.service.continued() == 2);
    one.hang_up();
    CHECK(it.waiting("a") == 1);
    it.drain();
    auto const got = two.next_answer();
    CHECK(got.status == 204);
    CHECK(got.field("Access-Control-Allow-Origin") == "https://app.example");
}

TEST_CASE("a poll of many rooms continues too") {
    anteroom_house it;
    visitor who(it);
    std::string rooms;
    for (int i = 0; i < 20; ++i)
        rooms += "&room=" + std::to_string(i);
    auto next = who.ask("GET /subscribe?wait=1&after=0" + rooms, accept_json);
    it.advance(std::chrono::seconds(1));
    next = who.next_answer();
    for (int i = 1; i <= 3; ++i) {
        CHECK(who.ask("GET /subscribe?wait=1&after=" + next.field("Last-Event-ID") + rooms, accept_json).status == 0);
        CHECK(it.service.continued() == i);
        it.publish(std::to_string(i), "x");
        next = who.next_answer();
        CHECK(next.has(R"({"room":")" + std::to_string(i) + '"'));
    }
}

TEST_CASE("a crowd that is behind is answered in turns, each of its polls once") {
    constexpr int crowd = 400;
    anteroom_house it;
    std::deque<visitor> all;
    auto const first = it.publish("a", "one");
    for (int i = 0; i < crowd; ++i)
        CHECK(all.emplace_back(it).ask("GET /room/a/subscribe?after=0").body == "one");
    auto const second = it.append("a", "two");
    for (auto& each : all)
        each.write(request("GET /room/a/subscribe?after=" + first));
    // Those who leave before their turn get nothing, and keep nobody else from it.
    all[0].hang_up();
    all.back().stream().close();
    it.run();
    for (int i = 1; i < crowd - 1; ++i) {
        auto const got = all[static_cast<std::size_t>(i)].next_answer();
        REQUIRE(got.body == "two");
        REQUIRE(got.field("Last-Event-ID") == second);
    }
    CHECK(it.service.continued() >= crowd - 2);
}

TEST_CASE("a crowd that is behind in a drain is answered at once") {
    constexpr int crowd = 400;
    anteroom_house it;
    std::deque<visitor> all;
    auto const first = it.publish("a", "one");
    for (int i = 0; i < crowd; ++i)
        CHECK(all.emplace_back(it).ask("GET /room/a/subscribe?after=0").body == "one");
    it.append("a", "two");
    for (auto& each : all)
        each.write(request("GET /room/a/subscribe?after=" + first));
    it.drain();
    for (auto& each : all)
        REQUIRE(each.next_answer().body == "two");
}
