// How a WebSocket begins, or why it does not.
#include "handlers/house.hpp"
#include "websocket/client_frames.hpp"
#include <anteroom/websocket/inflate.hpp>

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("a WebSocket is opened and gets each message as a frame") {
    anteroom_house it;
    visitor who(it);
    auto const id = it.publish("a", "one");
    auto const begun = who.upgrade("/room/a/subscribe?after=0");
    CHECK(begun.status == 101);
    CHECK(begun.field("Upgrade") == "websocket");
    CHECK(begun.field("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(begun.field("Last-Event-ID") == id.substr(0, id.find('-')) + "-0");
    CHECK(begun.field("Sec-WebSocket-Extensions").empty());
    auto const first = frames(begun.body);
    REQUIRE(first.size() == 1);
    CHECK(first[0].starts_with(R"(text {"id":")" + id));
    it.publish("a", "two");
    CHECK(texts_in(who.next_frames().at(0)) == std::vector<std::string>{"two"});
    CHECK(it.waiting("a") == 1);
}

TEST_CASE("handshakes that are refused join no room and take nobody's place") {
    anteroom_house it;
    visitor sitting(it);
    visitor who(it);
    sitting.ask("GET /room/a/subscribe?client=me");
    std::string const target = "GET /room/a/subscribe?client=me&as=ann";
    auto const with = [](std::string_view part, std::string_view instead) {
        std::string out(visitor::upgrade_fields);
        return out.replace(out.find(part), part.size(), instead);
    };
    auto const version = who.ask(target, with("Version: 13", "Version: 8"));
    CHECK(version.status == 426);
    CHECK(version.field("Upgrade") == "websocket");
    CHECK(version.field("Connection") == "Upgrade");
    CHECK(version.field("Sec-WebSocket-Version") == "13");
    auto const key = who.ask(target, with("dGhlIHNhbXBsZSBub25jZQ==", "short"));
    CHECK(key.status == 400);
    CHECK(key.field("Sec-WebSocket-Version") == "13");
    auto const origin =
        who.ask(target, with("Upgrade: websocket", "Origin: https://evil.example\r\nUpgrade: websocket"));
    CHECK(origin.status == 403);
    CHECK(origin.has("--allow-origin"));
    CHECK(who.upgrade("/room/a/subscribe?limit=0").status == 400);
    CHECK(who.upgrade("/room/%00/subscribe").status == 400);
    CHECK(sitting.receive().empty());
    CHECK(who.ask("GET /room/a/presence").has(R"("present":[])"));
}

TEST_CASE("a handshake that comes while the server drains is refused") {
    anteroom_house it;
    visitor who(it);
    it.run();
    who.write(request("GET /room/a/subscribe", visitor::upgrade_fields));
    it.drain();
    auto const got = who.next_answer();
    CHECK(got.status == 503);
    CHECK(got.field("Retry-After") == "1");
}

TEST_CASE("a WebSocket that agreed on compression gets messages compressed, where that makes them shorter") {
    api_options options;
    options.websocket_deflate = true;
    anteroom_house it(options);
    visitor who(it);
    auto const begun = who.upgrade("/room/a/subscribe", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    CHECK(begun.field("Sec-WebSocket-Extensions").starts_with("permessage-deflate"));
    it.append("a", std::string(1000, 'x'));
    it.run();
    auto const got = who.next_frames();
    REQUIRE(got.size() == 1);
    REQUIRE(got[0].starts_with("deflated "));
    auto const text = websocket::inflate(std::string_view(got[0]).substr(9), 10'000).text;
    CHECK(texts_in(text) == std::vector<std::string>{std::string(1000, 'x')});
}

TEST_CASE("a WebSocket of several rooms names the room of each message") {
    hub_options limits;
    limits.history.messages = 1;
    anteroom_house it({}, limits);
    visitor who(it);
    it.publish("a", "evicted");
    auto const id = it.publish("a", "kept");
    auto const got = frames(who.upgrade("/subscribe?room=a&room=b&after=0").body);
    REQUIRE(got.size() == 2);
    CHECK(got[0] == R"(text {"gap":{"room":"a","reason":"evicted","missed":1},"next":"a@)" +
                        id.substr(0, id.find('-')) + "-1,b@" + it.end("b") + "\"}");
    CHECK(got[1].starts_with(R"(text {"room":"a","id":")" + id));
    it.publish("b", "hi");
    CHECK(who.next_frames().at(0).starts_with(R"(text {"room":"b")"));
}

TEST_CASE("a client may ask for the subprotocol") {
    struct {
        char const* fields;
        char const* answered;
    } const rows[] = {
        {"", ""},
        {"Sec-WebSocket-Protocol: anteroom\r\n", "anteroom"},
        {"Sec-WebSocket-Protocol: graphql-ws, anteroom\r\n", "anteroom"},
        {"Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Protocol: anteroom\r\n", "anteroom"},
        {"Sec-WebSocket-Protocol: mqtt\r\n", ""},
        {"Sec-WebSocket-Protocol: Anteroom\r\n", ""},
    };
    for (auto const& each : rows) {
        CAPTURE(each.fields);
        anteroom_house it;
        visitor who(it);
        auto const got = who.upgrade("/room/a/subscribe", each.fields);
        CHECK(got.status == 101);
        CHECK(got.field("Sec-WebSocket-Protocol") == each.answered);
    }
}

TEST_CASE("a key that comes twice opens nothing") {
    anteroom_house it;
    visitor who(it);
    CHECK(who.upgrade("/room/a/subscribe", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n").status == 400);
}

TEST_CASE("with HTTP/1.0 an Upgrade is ignored") {
    anteroom_house it;
    visitor who(it);
    who.send("GET /room/a/subscribe?wait=0 HTTP/1.0\r\nHost: a\r\n" + std::string(visitor::upgrade_fields) + "\r\n");
    CHECK(who.next_answer().status == 204);
}
