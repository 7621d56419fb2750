// Gaps: each reason, in both forms of a poll.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

using texts = std::vector<std::string>;

TEST_CASE("what was evicted is a gap with its number, and what is left follows") {
    hub_options limits;
    limits.history.messages = 2;
    anteroom_house it({}, limits);
    visitor who(it);
    auto const first = it.publish("a", "one");
    for (auto const* each : {"two", "three", "four", "five"})
        it.publish("a", each);
    auto const json = who.ask("GET /room/a/subscribe?after=" + first, accept_json);
    CHECK(json.has(R"("gaps":[{"room":"a","reason":"evicted","missed":2}])"));
    CHECK(texts_in(json.body) == texts{"four", "five"});
    auto const raw = who.ask("GET /room/a/subscribe?after=0");
    CHECK(raw.field("Gap") == "evicted;missed=3");
    CHECK(raw.body == "four");
}

TEST_CASE("a cursor that the room cannot have given is answered at once with a gap") {
    anteroom_house it;
    visitor who(it);
    auto const id = it.publish("a", "one");
    for (auto const& cursor : {std::string("zzz-5"), id + "9"}) {
        CAPTURE(cursor);
        auto const raw = who.ask("GET /room/a/subscribe?after=" + cursor);
        CHECK(raw.field("Gap") == "restarted");
        CHECK(raw.body == "one");
        auto const json = who.ask("GET /room/a/subscribe?after=" + cursor, accept_json);
        CHECK(json.has(R"("gaps":[{"room":"a","reason":"restarted"}])"));
        CHECK(texts_in(json.body) == texts{"one"});
    }
    // Also where there is nothing to go on with.
    auto const empty = who.ask("GET /room/b/subscribe?after=zzz-5");
    CHECK(empty.status == 204);
    CHECK(empty.field("Gap") == "restarted");
    CHECK(empty.field("Last-Event-ID") == it.end("b"));
}

TEST_CASE("a room that is deleted wakes those who wait in it with a gap") {
    api_options options;
    options.allow_delete = true;
    anteroom_house it(options);
    visitor raw(it);
    visitor json(it);
    visitor behind(it);
    visitor operator_(it);
    auto const first = it.publish("a", "one");
    it.publish("a", "two");
    raw.ask("GET /room/a/subscribe");
    json.ask("GET /room/a/subscribe", accept_json);
    CHECK(operator_.ask("DELETE /room/a").status == 204);
    auto const got = raw.next_answer();
    CHECK(got.status == 204);
    CHECK(got.field("Gap") == "deleted;missed=0");
    CHECK(got.field("Last-Event-ID") == it.end("a"));
    CHECK(json.next_answer().has(R"("gaps":[{"room":"a","reason":"deleted","missed":0}])"));
    CHECK(behind.ask("GET /room/a/subscribe?after=" + first).field("Gap") == "deleted;missed=1");
}

TEST_CASE("messages and gaps that were told are counted") {
    anteroom_house it;
    visitor who(it);
    it.publish("a", "one");
    who.ask("GET /room/a/subscribe?after=zzz-5");
    CHECK(it.home.counted().get(counter::gaps_reported) == 1);
    CHECK(it.home.counted().get(counter::messages_sent) == 1);
}
