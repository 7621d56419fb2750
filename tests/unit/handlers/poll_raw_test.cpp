// The raw long poll: one message, its bytes as they were published.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("a raw poll that is behind is answered at once, with the oldest message alone") {
    anteroom_house it;
    visitor who(it);
    auto const first = it.publish("a", "one");
    it.publish("a", "two");
    auto const got = who.ask("GET /room/a/subscribe?after=0");
    CHECK(got.status == 200);
    CHECK(got.body == "one");
    CHECK(got.field("Content-Type") == "text/plain; charset=utf-8");
    CHECK(got.field("Cache-Control") == "no-store");
    CHECK(got.field("Last-Event-ID") == first);
    CHECK(who.ask("GET /room/a/subscribe?after=" + first).body == "two");
}

TEST_CASE("a raw poll waits for a message, and is woken by it") {
    anteroom_house it;
    visitor who(it);
    CHECK(who.ask("GET /subscribe").status == 0);
    CHECK(it.waiting("lobby") == 1);
    auto const id = it.publish("lobby", "hi");
    auto const got = who.next_answer();
    CHECK(got.status == 200);
    CHECK(got.body == "hi");
    CHECK(got.field("Last-Event-ID") == id);
    CHECK(it.waiting("lobby") == 0);
}

TEST_CASE("a raw poll in which nothing came is answered with 204 and its cursor when its time has passed") {
    anteroom_house it;
    visitor who(it);
    auto const id = it.publish("a", "old");
    CHECK(who.ask("GET /room/a/subscribe?wait=3").status == 0);
    it.advance(std::chrono::seconds(2));
    CHECK(who.receive().empty());
    it.advance(std::chrono::seconds(1));
    auto const got = who.next_answer();
    CHECK(got.status == 204);
    CHECK(got.field("Last-Event-ID") == id);
    CHECK(got.field("Content-Length").empty());
    CHECK(it.waiting("a") == 0);
    CHECK(who.ask("GET /room/a/subscribe?wait=0").status == 204);
}

TEST_CASE("Last-Event-ID is the same as after, and after wins") {
    anteroom_house it;
    visitor who(it);
    auto const first = it.publish("a", "one");
    it.publish("a", "two");
    auto const field = "Last-Event-ID: " + first + "\r\n";
    CHECK(who.ask("GET /room/a/subscribe", field).body == "two");
    CHECK(who.ask("GET /room/a/subscribe?after=0", field).body == "one");
    CHECK(who.ask("GET /room/a/subscribe?after=" + it.end("a") + "&wait=0", field).status == 204);
}

TEST_CASE("a JSON message comes raw as it is kept") {
    anteroom_house it;
    visitor who(it);
    visitor publisher(it);
    who.ask("GET /room/a/subscribe");
    publisher.ask("POST /room/a/publish", "Content-Type: application/json\r\n", R"({ "x" : 1 })");
    auto const got = who.next_answer();
    CHECK(got.body == R"({"x":1})");
    CHECK(got.field("Content-Type") == "application/json");
}

TEST_CASE("an answer that the connection does not take at once is sent when it does") {
    anteroom_house it;
    visitor who(it);
    who.limit(100);
    std::string const text(20'000, 'x');
    it.publish("a", text);
    CHECK(who.ask("GET /room/a/subscribe?after=0").body == text);
    CHECK(who.ask("GET /room/a/subscribe?wait=0").status == 204);
}

TEST_CASE("polls on one connection that were sent together are answered in order") {
    anteroom_house it;
    visitor who(it);
    auto const first = it.publish("a", "one");
    it.publish("a", "two");
    who.send(request("GET /room/a/subscribe?after=0") + request("GET /room/a/subscribe?after=" + first) +
             request("GET /room/a/subscribe") + request("GET /room/a/subscribe?after=0"));
    auto text = who.receive();
    CHECK(take_answer(text).body == "one");
    CHECK(take_answer(text).body == "two");
    CHECK(text.empty());
    it.publish("a", "three");
    text = who.receive();
    CHECK(take_answer(text).body == "three");
    CHECK(take_answer(text).body == "one");
}
