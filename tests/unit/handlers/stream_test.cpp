// Streams, NDJSON and SSE: what is written, and when.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("an NDJSON stream begins at once and has a line for each message") {
    anteroom_house it;
    visitor who(it);
    auto const first = it.publish("a", "old");
    auto const begun = who.ask("GET /room/a/subscribe", accept_ndjson);
    CHECK(begun.status == 200);
    CHECK(begun.field("Content-Type") == "application/x-ndjson");
    CHECK(begun.field("Cache-Control") == "no-store");
    CHECK(begun.field("X-Accel-Buffering") == "no");
    CHECK(begun.field("Last-Event-ID") == first);
    CHECK(begun.field("Transfer-Encoding") == "chunked");
    CHECK(begun.body.empty());
    CHECK(it.waiting("a") == 1);
    auto const second = it.publish("a", "one");
    auto const line = who.next_data();
    CHECK(line.starts_with(R"({"id":")" + second + '"'));
    CHECK(line.ends_with("\"data\":\"one\"}\n"));
    it.publish("a", "two");
    CHECK(texts_in(who.next_data()) == std::vector<std::string>{"two"});
    CHECK(it.home.counted().get(counter::streams) == 1);
}

TEST_CASE("an SSE stream says when to come back, and has an event for each message") {
    anteroom_house it;
    visitor who(it);
    auto const id = it.publish("a", "old");
    auto const begun = who.ask("GET /room/a/subscribe?after=0", accept_sse);
    CHECK(begun.field("Content-Type") == "text/event-stream");
    // From `0`, the cursor is the beginning of the room's life.
    auto const origin = id.substr(0, id.find('-')) + "-0";
    CHECK(begun.field("Last-Event-ID") == origin);
    auto const text = dechunked(begun.body);
    CHECK(text.starts_with("retry: 2000\nid: " + origin + "\n\nid: " + id + "\ndata: {\"id\":\"" + id + "\","));
    CHECK(text.ends_with("\"data\":\"old\"}\n\n"));
}

TEST_CASE("a stream in HTTP/1.0 has no chunks") {
    anteroom_house it;
    visitor line(it);
    visitor event(it);
    line.send("GET /room/a/subscribe HTTP/1.0\r\nHost: a\r\nAccept: application/x-ndjson\r\n\r\n");
    event.send("GET /room/a/subscribe HTTP/1.0\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
    CHECK(line.next_answer().field("Transfer-Encoding").empty());
    CHECK(event.next_answer().body.starts_with("retry: 2000\n"));
    auto const id = it.publish("a", "hi");
    auto const text = line.receive();
    CHECK(text.starts_with("{\"id\":\"" + id));
    CHECK(text.ends_with("\"data\":\"hi\"}\n"));
    CHECK(event.receive() == "id: " + id + "\ndata: " + text + "\n");
    it.drain();
    CHECK(line.receive().empty());
    CHECK(line.is_closed());
}

TEST_CASE("a stream in which nothing happens gives signs of life") {
    anteroom_house it;
    visitor line(it);
    visitor event(it);
    line.ask("GET /room/a/subscribe", accept_ndjson);
    event.ask("GET /room/a/subscribe", accept_sse);
    it.advance(std::chrono::seconds(14));
    CHECK(line.receive().empty());
    CHECK(event.receive().empty());
    for (int i = 0; i < 3; ++i) {
        it.advance(std::chrono::seconds(i == 0 ? 1 : 15));
        CHECK(line.next_data() == "\n");
        CHECK(event.next_data() == ":\n\n");
    }
}

TEST_CASE("streams report gaps with the cursor to continue from") {
    hub_options limits;
    limits.history.messages = 1;
    anteroom_house it({}, limits);
    visitor line(it);
    visitor event(it);
    auto const first = it.publish("a", "one");
    it.publish("a", "two");
    auto const third = it.publish("a", "three");
    auto const passed = first.substr(0, first.find('-')) + "-2";
    auto const lines = dechunked(line.ask("GET /room/a/subscribe?after=" + first, accept_ndjson).body);
    CHECK(lines.starts_with(R"({"gap":{"room":"a","reason":"evicted","missed":1},"next":")" + passed + "\"}\n"));
    CHECK(texts_in(lines) == std::vector<std::string>{"three"});
    auto const events = dechunked(event.ask("GET /room/a/subscribe?after=" + first, accept_sse).body);
    CHECK(contains(events,
                   "event: gap\nid: " + passed + "\ndata: {\"room\":\"a\",\"reason\":\"evicted\",\"missed\":1}\n\n"));
    CHECK(contains(events, "id: " + third));
    CHECK(it.home.counted().get(counter::gaps_reported) == 2);
}

TEST_CASE("a stream that is far behind gets everything, and others have their turn meanwhile") {
    hub_options limits;
    limits.history.messages = 5000;
    anteroom_house it({}, limits);
    visitor who(it);
    for (int i = 0; i < 3000; ++i)
        it.append("a", std::to_string(i));
    who.limit(4'000'000);
    auto const got = texts_in(dechunked(who.ask("GET /room/a/subscribe?after=0", accept_ndjson).body));
    REQUIRE(got.size() == 3000);
    CHECK(got.front() == "0");
    CHECK(got.back() == "2999");
}

TEST_CASE("streams of several rooms name the room, and events have the cursor of all") {
    anteroom_house it;
    visitor line(it);
    visitor event(it);
    visitor old(it);
    auto const b = it.end("b");
    line.ask("GET /subscribe?room=a&room=b&after=0", accept_ndjson);
    event.ask("GET /subscribe?room=a&room=b", accept_sse);
    old.send("GET /subscribe?room=a&room=b HTTP/1.0\r\nHost: a\r\nAccept: application/x-ndjson\r\n\r\n");
    old.receive();
    auto const id = it.publish("a", "hi");
    auto const text = line.next_data();
    CHECK(text.starts_with(R"({"room":"a","id":")" + id));
    CHECK(event.next_data() == "id: a@" + id + ",b@" + b + "\ndata: " + text + "\n");
    CHECK(old.receive() == text);
    it.append("a", "1");
    it.append("b", "2");
    it.run();
    CHECK(texts_in(line.next_data()) == std::vector<std::string>{"1", "2"});
}
