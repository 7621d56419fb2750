// Polls of several rooms at once, and their cursors.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

using texts = std::vector<std::string>;

TEST_CASE("a poll of several rooms is woken by any of them, and says which") {
    anteroom_house it;
    visitor json(it);
    visitor raw(it);
    json.ask("GET /subscribe?room=a&room=b%20c", accept_json);
    raw.ask("GET /subscribe?room=a&room=b%20c");
    auto const id = it.publish("b c", "hi");
    auto const list = json.next_answer();
    CHECK(list.has(R"({"room":"b c","id":")" + id));
    auto const next = "a@" + it.end("a") + ",b%20c@" + id;
    CHECK(list.has(R"("next":")" + next + '"'));
    auto const message = raw.next_answer();
    CHECK(message.body == "hi");
    CHECK(message.field("Room") == "b%20c");
    CHECK(message.field("Last-Event-ID") == next);
}

TEST_CASE("a poll of several rooms continues from its cursor, whatever rooms join and leave") {
    anteroom_house it;
    visitor who(it);
    it.publish("a", "a1");
    it.publish("b", "b1");
    auto const first = who.ask("GET /subscribe?room=a&room=b&after=0", accept_json);
    CHECK(texts_in(first.body) == texts{"a1", "b1"});
    auto const next = first.field("Last-Event-ID");
    it.publish("a", "a2");
    it.publish("b", "b2");
    it.publish("c", "c1");
    // A room that leaves is ignored, one that joins starts now.
    CHECK(texts_in(who.ask("GET /subscribe?room=c&room=b&after=" + next, accept_json).body) == texts{"b2"});
    CHECK(texts_in(who.ask("GET /subscribe?room=a&room=a", "Last-Event-ID: " + next + "\r\n" + std::string(accept_json))
                       .body) == texts{"a2"});
    // A cursor of several rooms is good in one of them.
    CHECK(who.ask("GET /room/b/subscribe?after=" + next).body == "b2");
}

TEST_CASE("a poll of several rooms in which nothing came gives the same cursor again") {
    anteroom_house it;
    visitor who(it);
    CHECK(who.ask("GET /subscribe?room=a&room=b&wait=1").status == 0);
    it.advance(std::chrono::seconds(1));
    auto const got = who.next_answer();
    CHECK(got.status == 204);
    CHECK(got.field("Last-Event-ID") == "a@" + it.end("a") + ",b@" + it.end("b"));
    CHECK(who.ask("GET /subscribe?room=a&room=b&after=0&wait=0").field("Last-Event-ID") == got.field("Last-Event-ID"));
}

TEST_CASE("one room in the query is spoken of as several") {
    anteroom_house it;
    visitor who(it);
    auto const id = it.publish("a", "hi");
    CHECK(who.ask("GET /subscribe?room=a&after=0").field("Last-Event-ID") == "a@" + id);
}

TEST_CASE("gaps in several rooms are reported room by room") {
    hub_options limits;
    limits.history.messages = 1;
    anteroom_house it({}, limits);
    visitor who(it);
    for (auto const* room : {"a", "b"}) {
        for (int i = 0; i < 3; ++i)
            it.publish(room, "x");
    }
    auto const json = who.ask("GET /subscribe?room=a&room=b&after=0", accept_json);
    CHECK(
        json.has(R"("gaps":[{"room":"a","reason":"evicted","missed":2},{"room":"b","reason":"evicted","missed":2}])"));
    auto const raw = who.ask("GET /subscribe?room=a&room=b&after=0");
    CHECK(raw.field("Gap").starts_with("evicted;missed=2;room="));
}

TEST_CASE("rooms that fit into a cursor from the start fit into all that follow") {
    anteroom_house it;
    // As long as they may be with `0` for each.
    std::string rooms;
    for (int i = 10; i < 100; ++i) {
        auto const name = std::to_string(i) + std::string(140, 'x');
        rooms += "&room=" + name.substr(0, 128);
    }
    std::string fewer = rooms;
    visitor who(it);
    while (who.ask("GET /subscribe?wait=0&after=0" + fewer, accept_json).status == 400)
        fewer.erase(fewer.size() - 1);
    auto const next = who.ask("GET /subscribe?wait=0&after=0" + fewer, accept_json).field("Last-Event-ID");
    REQUIRE_FALSE(next.empty());
    visitor other(it);
    CHECK(other.ask("GET /subscribe?wait=0" + fewer, std::string(accept_json) + "Last-Event-ID: " + next + "\r\n")
              .status == 200);
}

TEST_CASE("hang-up, drain and a newer poll end a poll of several rooms") {
    anteroom_house it;
    visitor one(it);
    visitor two(it);
    visitor three(it);
    one.ask("GET /subscribe?room=a&room=b");
    two.ask("GET /subscribe?room=a&room=b&client=me", accept_json);
    one.hang_up();
    CHECK(it.waiting("a") == 1);
    three.ask("GET /subscribe?room=b&room=c&client=me", accept_json);
    CHECK(two.next_answer().has("superseded"));
    CHECK(it.waiting("a") == 0);
    it.drain();
    CHECK(three.next_answer().has("draining"));
}

TEST_CASE("what cannot be asked of several rooms") {
    anteroom_house it;
    visitor who(it);
    auto const id = it.publish("a", "hi");
    std::string many = "GET /subscribe?room=0";
    std::string long_names = "GET /subscribe?room=0";
    for (int i = 1; i <= 100; ++i) {
        many += "&room=" + std::to_string(i);
        if (i < 100)
            long_names += "&room=" + std::to_string(i) + std::string(120, 'x');
    }
    std::pair<std::string, std::string> const rows[] = {
        {"GET /subscribe?room=a&room=b&after=" + id, "must be a cursor of several"},
        {"GET /room/a/subscribe?after=b@" + id, "one of other rooms"},
        {"GET /room/a/subscribe?room=b", "not in both"},
        {"GET /subscribe?room=a&room=", "a room's name is"},
        {"GET /subscribe?room=a&after=b@", "must be a cursor as the server gave it"},
        {many, "one call may name 100 rooms"},
        {long_names, "too long for one cursor"},
    };
    for (auto const& [line, detail] : rows) {
        CAPTURE(line);
        auto const got = who.ask(line);
        CHECK(got.status == 400);
        CHECK(got.has(detail));
    }
}
