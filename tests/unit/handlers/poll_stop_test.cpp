// How a waiting poll ends that gets no message: hang-up, drain, a newer poll of the same client, its worker's end.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("a poll whose client hangs up is forgotten at once") {
    anteroom_house it;
    visitor who(it);
    visitor other(it);
    who.ask("GET /room/a/subscribe");
    other.ask("GET /room/a/subscribe");
    CHECK(it.waiting("a") == 2);
    who.hang_up();
    CHECK(it.waiting("a") == 1);
    it.publish("a", "hi");
    CHECK(other.next_answer().body == "hi");
}

TEST_CASE("a poll whose client has hung up before it starts does not wait") {
    anteroom_house it;
    visitor who(it);
    it.run();
    who.write(request("GET /room/a/subscribe"));
    who.hang_up();
    CHECK(it.waiting("a") == 0);
    CHECK(it.home.counted().get(counter::connections_closed) == 1);
}

TEST_CASE("a poll whose client says that it will send no more ends as one that hung up") {
    anteroom_house it;
    visitor who(it);
    who.ask("GET /room/a/subscribe");
    who.shut_down();
    CHECK(it.waiting("a") == 0);
    CHECK(who.receive().empty());
    CHECK(who.is_closed());
}

TEST_CASE("a drain answers waiting polls and has them come again, not all at once") {
    anteroom_house it;
    visitor raw(it);
    visitor json(it);
    raw.ask("GET /room/a/subscribe");
    json.ask("GET /room/a/subscribe", accept_json);
    it.drain();
    for (auto* each : {&raw, &json}) {
        auto const got = each->next_answer();
        CHECK(got.status == (each == &raw ? 204 : 200));
        auto const seconds = std::stoi(got.field("Retry-After"));
        CHECK((seconds >= 1 && seconds <= 5));
        CHECK(got.field("Connection") == "close");
        CHECK(got.field("Last-Event-ID") == it.end("a"));
        CHECK(got.has(R"("draining":true)") == (each == &json));
        CHECK(each->is_closed());
    }
    CHECK(it.waiting("a") == 0);
}

TEST_CASE("a poll that comes while the server drains is answered at once") {
    anteroom_house it;
    visitor empty(it);
    visitor behind(it);
    it.run();
    it.append("b", "hi");
    empty.write(request("GET /room/a/subscribe", accept_json));
    behind.write(request("GET /room/b/subscribe?after=0", accept_json));
    it.drain();
    CHECK(empty.next_answer().has(R"("draining":true)"));
    auto const got = behind.next_answer();
    CHECK(texts_in(got.body) == std::vector<std::string>{"hi"});
    CHECK_FALSE(got.has("draining"));
}

TEST_CASE("a message that was published before a drain reached the poll is its answer") {
    anteroom_house it;
    visitor who(it);
    who.ask("GET /room/a/subscribe", accept_json);
    it.sessions.drain();
    it.append("a", "last");
    it.run();
    CHECK(texts_in(who.next_answer().body) == std::vector<std::string>{"last"});
}

TEST_CASE("a newer poll of the same client in the same room takes the place of the older one") {
    anteroom_house it;
    visitor raw(it);
    visitor json(it);
    visitor third(it);
    visitor elsewhere(it);
    visitor somebody(it);
    raw.ask("GET /room/a/subscribe?client=me");
    elsewhere.ask("GET /room/b/subscribe?client=me");
    somebody.ask("GET /room/a/subscribe?client=another");
    CHECK(json.ask("GET /room/a/subscribe?client=me", accept_json).status == 0);
    auto const first = raw.next_answer();
    CHECK(first.status == 204);
    CHECK(first.field("Superseded") == "?1");
    CHECK(first.field("Retry-After").empty());
    CHECK(third.ask("GET /subscribe?room=a&room=c&client=me", accept_json).status == 0);
    CHECK(json.next_answer().has(R"("superseded":true)"));
    CHECK(elsewhere.receive().empty());
    CHECK(somebody.receive().empty());
    // Both of its names go with the subscriber.
    third.hang_up();
    CHECK(raw.ask("GET /room/c/subscribe?client=me&wait=0").field("Superseded").empty());
}

TEST_CASE("a poll that was superseded while a message came leaves it to the newer one") {
    anteroom_house it;
    visitor older(it);
    visitor newer(it);
    older.ask("GET /room/a/subscribe?client=me", accept_json);
    it.run();
    newer.write(request("GET /room/a/subscribe?client=me", accept_json));
    it.run();
    CHECK(older.next_answer().has("superseded"));
    it.publish("a", "hi");
    CHECK(texts_in(newer.next_answer().body) == std::vector<std::string>{"hi"});
}

TEST_CASE("a poll whose client hangs up while a newer one takes its place") {
    anteroom_house it;
    visitor older(it);
    visitor newer(it);
    older.ask("GET /room/a/subscribe?client=me");
    newer.write(request("GET /subscribe?room=a&room=a&client=me", accept_json));
    older.stream().close();
    it.run();
    CHECK(it.waiting("a") == 1);
    CHECK(newer.receive().empty());
}

TEST_CASE("a poll ends with its worker, without an answer") {
    anteroom_house it;
    visitor who(it);
    who.ask("GET /room/a/subscribe");
    it.sessions.abort();
    it.run();
    CHECK(who.receive().empty());
    CHECK(who.is_closed());
    CHECK(it.waiting("a") == 0);
}
