// Publishing over a WebSocket: frames and what they are answered.
#include "handlers/fittings.hpp"
#include "handlers/house.hpp"
#include "websocket/client_frames.hpp"

using namespace anteroom;
using namespace anteroom::unit;

namespace {

std::string publish_text(std::string_view json) {
    return whole(op::text, json);
}

}  // namespace

TEST_CASE("a frame publishes, is acknowledged with its key, and comes back as a message") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe?as=ann");
    who.send(publish_text(R"({"data":"hi","key":"k1"})"));
    auto got = who.next_frames();
    REQUIRE(got.size() == 2);
    auto const id = it.end("a");
    CHECK(got[0].starts_with(R"(text {"ack":{"key":"k1","id":")" + id + '"'));
    CHECK(got[1].starts_with(R"(text {"id":")" + id));
    CHECK(contains(got[1], R"("from":"ann","data":"hi")"));
    // A repeat appends nothing.
    who.send(publish_text(R"({"data":"hi","key":"k1"})"));
    got = who.next_frames();
    REQUIRE(got.size() == 1);
    CHECK(contains(got[0], R"("id":")" + id));
    CHECK(contains(got[0], R"("duplicate":true)"));
    who.send(publish_text(R"({ "data" : { "x" : [1, 2] } })"));
    got = who.next_frames();
    REQUIRE(got.size() == 2);
    CHECK(contains(got[1], R"("data":{"x":[1,2]}})"));
}

TEST_CASE("a frame says which of several rooms it is for") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/subscribe?room=a&room=b");
    who.send(publish_text(R"({"data":1,"room":"b"})"));
    auto const got = who.next_frames();
    REQUIRE(got.size() == 2);
    CHECK(got[0].starts_with(R"(text {"ack":{"id":")"));
    CHECK(got[1].starts_with(R"(text {"room":"b")"));
}

TEST_CASE("frames that cannot be published are answered with an error, and the socket stays") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/subscribe?room=a&room=b&room=a:presence");
    std::string const long_key(129, 'k');
    struct {
        std::string text;
        int status;
        char const* detail;
    } const rows[] = {
        {"nonsense", 400, "send a JSON object"},
        {"[1]", 400, "send a JSON object"},
        {R"({"key":"k"})", 400, "'data' is the message"},
        {R"({"data":1})", 400, "'room' must be one of"},
        {R"({"data":1,"room":"c"})", 400, "'room' must be one of"},
        {R"({"data":1,"room":2})", 400, "'room' must be one of"},
        {R"({"data":1,"room":"a:presence"})", 403, "joins and leaves"},
        {R"({"data":1,"room":"a","key":7})", 400, "'key' must be"},
        {R"({"data":1,"room":"a","key":""})", 400, "'key' must be"},
        {R"({"data":1,"room":"a","key":")" + long_key + "\"}", 400, "'key' must be"},
    };
    for (auto const& each : rows) {
        CAPTURE(each.text);
        who.send(publish_text(each.text));
        auto const got = who.next_frames();
        REQUIRE(got.size() == 1);
        CHECK(got[0].starts_with(R"(text {"error":{)"));
        CHECK(contains(got[0], "\"status\":" + std::to_string(each.status)));
        CHECK(contains(got[0], each.detail));
    }
    who.send(publish_text(R"({"data":1,"room":"b","key":"k","other":true})"));
    CHECK(who.next_frames().at(0).starts_with(R"(text {"ack":{"key":"k",)"));
}

TEST_CASE("a frame is JSON as RFC 8259 has it") {
    struct {
        char const* frame;
        char const* message;
    } const rows[] = {
        {R"({"d\u0061ta":"hi"})", R"("data":"hi"})"},
        {R"({"\u0064\u0061\u0074\u0061":"hi","\u006bey":"k"})", R"("data":"hi"})"},
        {"\t{\r\n\"data\" :\n\"h\\u0069\" } ", R"("data":"hi"})"},
        {R"({"data":"\ud83d\ude00\/"})", "\"data\":\"\xF0\x9F\x98\x80/\"}"},
        {R"({"data\u0000":1,"data":2,"dat\\a":3})", R"("data":2})"},
        // Of members with the same name the last one counts.
        {R"({"data":1,"data":2})", R"("data":2})"},
        {R"({"data":1,"d\u0061ta":2})", R"("data":2})"},
        {R"({"d\u0061ta":1,"data":2})", R"("data":2})"},
        {R"({"data":null})", R"("data":null})"},
        {R"({"data":""})", R"("data":""})"},
    };
    for (auto const& each : rows) {
        CAPTURE(each.frame);
        anteroom_house it;
        visitor who(it);
        who.upgrade("/room/a/subscribe");
        who.send(publish_text(each.frame));
        auto const got = who.next_frames();
        REQUIRE(got.size() == 2);
        CHECK(got[0].starts_with(R"(text {"ack":{)"));
        CHECK(got[1].ends_with(each.message));
    }
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    for (auto const* bad : {R"({'data':1})", R"({"data":1,})", R"({data:1})", R"({"data":01})", R"({"data":"\x41"})",
                            R"({"data":1}{})", R"({"data":NaN})", "{\"data\":\"\t\"}", R"({"data":"\ud800"})"}) {
        CAPTURE(bad);
        who.send(publish_text(bad));
        CHECK(contains(who.next_frames().at(0), "send a JSON object"));
    }
}

TEST_CASE("a frame may be longer than its message, which has the limit of any") {
    api_options options;
    options.max_body = 100;
    std::string const most(100, 'x');
    std::string escaped;
    for (int i = 0; i < 100; ++i)
        escaped += "\\u0078";
    for (auto const& text : {most, escaped}) {
        anteroom_house it(options);
        visitor who(it);
        who.upgrade("/room/a/subscribe");
        who.send(publish_text(R"({"key":"k","data":")" + text + "\"}"));
        CHECK(who.next_frames().at(0).starts_with(R"(text {"ack":{"key":"k")"));
        who.send(publish_text(R"({"key":"l","data":"x)" + text + "\"}"));
        CHECK(who.next_frames() == std::vector<std::string>{"close 1009 the message is longer than this server takes"});
    }
}

TEST_CASE("a key with another message is answered with 422") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    who.send(publish_text(R"({"key":"k","data":"one"})"));
    CHECK(who.next_frames().size() == 2);
    who.send(publish_text(R"({"key":"k","data":"two"})"));
    CHECK(who.next_frames().at(0).starts_with(R"(text {"error":{"key":"k","status":422)"));
    // By POST it is the same key.
    visitor other(it);
    CHECK(other.ask("POST /room/a/publish", "Idempotency-Key: k\r\n", "one").has("duplicate"));
}

TEST_CASE("where memory is short a frame is answered with 503 and its key") {
    hub_options limits;
    limits.memory = 10'000;
    anteroom_house it({}, limits);
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    who.send(publish_text(R"({"key":"k","data":")" + std::string(20'000, 'x') + "\"}"));
    auto const got = who.next_frames();
    REQUIRE(got.size() == 1);
    CHECK(got[0].starts_with(R"(text {"error":{"key":"k","status":503)"));
    // The key is free again.
    who.send(publish_text(R"({"key":"k","data":"short"})"));
    CHECK(who.next_frames().at(0).starts_with(R"(text {"ack":{"key":"k")"));
}

TEST_CASE("a frame whose key is under way waits for that answer") {
    house<direct_service> it;
    fittings parts(it.home);
    it.service.open(parts);
    client who(it.sessions);
    who.send(request("GET /", std::string("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")));
    auto text = who.receive();
    CHECK(take_answer(text).status == 101);
    std::array<std::string_view, 1> const rooms{"lobby"};
    auto const first = parts.keys.begin(rooms, "k");
    who.send(publish_text(R"({"data":"again","key":"k"})") + whole(op::ping, "after"));
    CHECK(who.receive().empty());
    parts.keys.answer(first.what, R"({"id":"x-1"})", it.home);
    it.run();
    CHECK(frames(who.receive()) ==
          std::vector<std::string>{R"(text {"ack":{"key":"k","id":"x-1","duplicate":true}})", "pong after"});
}
