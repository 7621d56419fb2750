// How streams end: hang-up, drain, a newer subscription, and those that are full.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("a stream whose client hangs up is forgotten at once") {
    anteroom_house it;
    visitor who(it);
    who.ask("GET /room/a/subscribe", accept_sse);
    who.hang_up();
    CHECK(it.waiting("a") == 0);
    visitor other(it);
    it.run();
    other.write(request("GET /room/a/subscribe", accept_sse));
    other.hang_up();  // before it starts
    CHECK(it.waiting("a") == 0);
    CHECK(it.home.counted().get(counter::connections_closed) == 2);
}

TEST_CASE("a drain ends streams cleanly, and says when to come back") {
    anteroom_house it;
    visitor line(it);
    visitor event(it);
    line.ask("GET /room/a/subscribe", accept_ndjson);
    event.ask("GET /room/a/subscribe", accept_sse);
    it.sessions.drain();
    it.append("a", "last");  // what is published before they end is written
    it.run();
    auto const lines = line.next_data();
    CHECK(texts_in(lines) == std::vector<std::string>{"last"});
    CHECK(lines.ends_with("<end>"));
    auto const events = event.next_data();
    auto const retry = events.find("retry: ");
    REQUIRE(retry != events.npos);
    auto const time = std::stoi(events.substr(retry + 7));
    CHECK((time >= 1000 && time <= 5000));
    CHECK(events.ends_with("<end>"));
    CHECK(line.is_closed());
    CHECK(event.is_closed());
}

TEST_CASE("a stream that comes while the server drains gets what there is, and ends") {
    anteroom_house it;
    visitor who(it);
    it.run();
    it.append("a", "kept");
    who.write(request("GET /room/a/subscribe?after=0", accept_ndjson));
    it.drain();
    auto const text = dechunked(who.next_answer().body);
    CHECK(texts_in(text) == std::vector<std::string>{"kept"});
    CHECK(text.ends_with("<end>"));
}

TEST_CASE("a newer subscription of the same client ends a stream, and its connection may be used again") {
    anteroom_house it;
    visitor line(it);
    visitor event(it);
    visitor poll(it);
    line.ask("GET /room/a/subscribe?client=me", accept_ndjson);
    event.ask("GET /room/a/subscribe?client=me", accept_sse);
    CHECK(line.next_data() == "{\"superseded\":true}\n<end>");
    poll.ask("GET /room/a/subscribe?client=me");
    CHECK(event.next_data() == "event: superseded\nid: " + it.end("a") + "\ndata: {}\n\n<end>");
    CHECK(line.ask("GET /healthz").status == 200);
}

TEST_CASE("a stream that is full gets the rest when it has room, without a message lost or twice") {
    for (auto const form : {accept_ndjson, accept_sse}) {
        for (auto const* target : {"/room/a/subscribe?after=0", "/subscribe?room=a&room=b&after=0"}) {
            CAPTURE(form, target);
            anteroom_house it;
            visitor who(it);
            who.limit(1500);
            for (int i = 0; i < 200; ++i)
                it.append("a", std::to_string(i) + std::string(300, 'x'));
            auto const got = texts_in(dechunked(who.ask(std::string("GET ") + target, form).body));
            REQUIRE(got.size() == 200);
            for (int i = 0; i < 200; ++i)
                REQUIRE(got[static_cast<std::size_t>(i)] == std::to_string(i) + std::string(300, 'x'));
            it.publish("a", "new");
            CHECK(texts_in(who.next_data()) == std::vector<std::string>{"new"});
        }
    }
}

TEST_CASE("a stream that stays full over more than the room keeps gets the gap") {
    hub_options limits;
    limits.history.messages = 3;
    anteroom_house it({}, limits);
    visitor who(it);
    who.limit(500);
    who.ask("GET /room/a/subscribe", accept_ndjson);
    std::string const text(300, 'x');
    for (int i = 0; i < 20; ++i)
        it.publish("a", text);
    auto const all = who.next_data();
    CHECK(contains(all, R"("reason":"evicted")"));
    CHECK(texts_in(all).size() + std::stoul(all.substr(all.find(R"("missed":)") + 9)) == 20);
}

TEST_CASE("a stream that takes nothing for too long is cut off; one that hangs up meanwhile is forgotten") {
    anteroom_house it;
    visitor slow(it);
    visitor gone(it);
    for (auto* each : {&slow, &gone}) {
        each->limit(100);
        each->ask("GET /room/a/subscribe", accept_ndjson);
    }
    it.publish("a", std::string(1000, 'x'));
    gone.hang_up();
    CHECK(it.home.counted().get(counter::connections_closed) == 1);
    it.advance(it.options.write_timeout - std::chrono::seconds(1));
    CHECK(it.home.counted().get(counter::connections_closed) == 1);
    it.advance(std::chrono::seconds(1));
    CHECK(it.home.counted().get(counter::connections_closed) == 2);
}

TEST_CASE("a stream that is superseded or drained while it is full ends when it has room") {
    anteroom_house it;
    visitor superseded(it);
    visitor drained(it);
    visitor newer(it);
    superseded.limit(100);
    drained.limit(100);
    superseded.ask("GET /room/a/subscribe?client=me", accept_ndjson);
    drained.ask("GET /room/a/subscribe", accept_ndjson);
    it.publish("a", std::string(1000, 'x'));
    newer.ask("GET /room/a/subscribe?client=me");
    auto text = superseded.next_data();
    CHECK(texts_in(text).size() == 1);
    CHECK(text.ends_with("{\"superseded\":true}\n<end>"));
    it.drain();
    text = drained.next_data();
    CHECK(texts_in(text).size() == 1);
    CHECK(text.ends_with("<end>"));
}

TEST_CASE("a stream ends with its worker") {
    anteroom_house it;
    visitor waits(it);
    visitor full(it);
    full.limit(100);
    waits.ask("GET /room/a/subscribe", accept_ndjson);
    full.ask("GET /room/a/subscribe", accept_ndjson);
    it.publish("a", std::string(1000, 'x'));
    it.sessions.abort();
    it.run();
    CHECK(it.home.counted().get(counter::connections_closed) == 2);
}
