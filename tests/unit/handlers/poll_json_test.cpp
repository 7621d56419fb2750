// The JSON long poll: a list of messages and the cursor to continue from.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

using texts = std::vector<std::string>;

TEST_CASE("a JSON poll gets all that it is behind, up to its limit") {
    anteroom_house it;
    visitor who(it);
    for (auto const* each : {"one", "two", "three"})
        it.publish("a", each);
    auto const got = who.ask("GET /room/a/subscribe?after=0&limit=2", accept_json);
    CHECK(got.status == 200);
    CHECK(got.field("Content-Type") == "application/json");
    CHECK(texts_in(got.body) == texts{"one", "two"});
    CHECK_FALSE(got.has("gaps"));
    CHECK_FALSE(got.has("room"));
    auto const next = got.field("Last-Event-ID");
    CHECK(got.body.ends_with(R"("next":")" + next + "\"}"));
    CHECK(texts_in(who.ask("GET /room/a/subscribe?after=" + next, accept_json).body) == texts{"three"});
}

TEST_CASE("a JSON poll is woken by a batch and gets it whole") {
    anteroom_house it;
    visitor who(it);
    visitor publisher(it);
    CHECK(who.ask("GET /room/a/subscribe", accept_json).status == 0);
    publisher.ask("POST /room/a/publish?as=ann", "Content-Type: application/x-ndjson\r\n", "1\n2\n\n\"three\"\n");
    auto const got = who.next_answer();
    CHECK(texts_in(got.body) == texts{"1", "2", "three"});
    CHECK(got.has(R"("from":"ann","data":1})"));
}

TEST_CASE("a JSON poll in which nothing came is an empty list") {
    anteroom_house it;
    visitor who(it);
    CHECK(who.ask("GET /room/a/subscribe?wait=1", accept_json).status == 0);
    it.advance(std::chrono::seconds(1));
    auto const got = who.next_answer();
    CHECK(got.status == 200);
    CHECK(got.body == R"({"messages":[],"next":")" + it.end("a") + "\"}");
    CHECK(who.ask("GET /room/a/subscribe?wait=0", accept_json).body == got.body);
}

TEST_CASE("a poll that does not say how long waits for the server's time, and no poll longer than its maximum") {
    api_options options;
    options.poll_wait = std::chrono::seconds(5);
    options.poll_wait_max = std::chrono::seconds(8);
    anteroom_house it(options);
    visitor one(it);
    visitor other(it);
    one.ask("GET /room/a/subscribe");
    other.ask("GET /room/a/subscribe?wait=1000000");
    it.advance(std::chrono::milliseconds(4500));
    CHECK(one.receive().empty());
    it.advance(std::chrono::milliseconds(500));
    CHECK(one.next_answer().status == 204);
    CHECK(other.receive().empty());
    it.advance(std::chrono::milliseconds(3000));
    CHECK(other.next_answer().status == 204);
}

TEST_CASE("a JSON list of a thousand messages comes whole") {
    anteroom_house it;
    visitor who(it);
    for (int i = 0; i < 1000; ++i)
        it.append("a", std::string(200, 'x'));
    auto got = who.ask("GET /room/a/subscribe?after=0&limit=1000", accept_json);
    auto count = texts_in(got.body).size();
    while (count < 1000) {
        got = who.ask("GET /room/a/subscribe?limit=1000&after=" + got.field("Last-Event-ID"), accept_json);
        auto const more = texts_in(got.body).size();
        REQUIRE(more > 0);
        count += more;
    }
    CHECK(got.field("Last-Event-ID") == it.end("a"));
}
