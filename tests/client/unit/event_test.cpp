// Poll responses, stream lines and WebSocket frames parsed into events.
#include <anteroom/client/event.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

namespace {

message message_of(std::string_view text) {
    message out;
    REQUIRE(parse_message(text, out));
    return out;
}

}  // namespace

TEST_CASE("a message with all its members") {
    auto const got =
        message_of(R"({"room":"kitchen","id":"e-1","time":1790000000123,"from":"ann","data":"hi\n","later":{"x":1}})");
    CHECK(got.room == "kitchen");
    CHECK(got.id == "e-1");
    CHECK(got.time == 1790000000123);
    CHECK(got.from == "ann");
    CHECK(got.data == "hi\n");
    CHECK(got.kind == content::text);
}

TEST_CASE("JSON data is kept as it was written") {
    for (auto const* data :
         {"1.50", "12345678901234567890123", R"({"b":1,"a":[],"b":2})", "null", "[1e400]", "false"}) {
        auto const got = message_of(std::string(R"({"id":"e-1","time":1,"data":)") + data + "}");
        CHECK(got.kind == content::json);
        CHECK(got.data == data);
        CHECK(got.from.empty());
    }
}

TEST_CASE("invalid messages are rejected") {
    for (auto const* text : {"", "1", "{}", R"({"id":"e-1"})", R"({"data":"x"})", R"({"id":1,"data":"x"})",
                             R"({"id":"e-1","data":"x","time":"y"})", R"({"id":"e-1","data":bad})",
                             R"({"id":"e-1","data":"x"}{)", R"({"id":"e-1","data":"\x"})"}) {
        message into;
        CHECK_FALSE(parse_message(text, into));
    }
}

TEST_CASE("a poll response: gaps first, then messages, then the cursor, in whatever order they are written") {
    poll_response response;
    REQUIRE(parse_poll_response(
        R"({"next":"e-9","messages":[{"id":"e-8","time":1,"data":"a"},{"id":"e-9","time":1,"data":"b"}],
                          "gaps":[{"room":"kitchen","reason":"evicted","missed":7}],"draining":true})",
        response));
    REQUIRE(response.events.size() == 4);
    CHECK(std::get<gap>(response.events[0].what).missed == 7);
    CHECK(std::get<message>(response.events[1].what).data == "a");
    CHECK(std::get<message>(response.events[2].what).data == "b");
    CHECK(std::holds_alternative<cursor_moved>(response.events[3].what));
    CHECK(response.events[3].next == "e-9");
    CHECK(response.draining);
}

TEST_CASE("invalid poll responses are rejected") {
    for (auto const* text :
         {"", "<html>", "{}", R"({"messages":[]})", R"({"messages":{},"next":"e-1"})",
          R"({"messages":[1],"next":"e-1"})", R"({"messages":[],"next":"e-1")", R"({"messages":[],"next":1})"}) {
        poll_response response;
        CHECK_FALSE(parse_poll_response(text, response));
    }
    poll_response response;
    REQUIRE(parse_poll_response(R"({"messages":[],"next":"e-1","superseded":true})", response));
    CHECK(std::holds_alternative<superseded>(response.events.back().what));
}

TEST_CASE("lines of a stream and frames of a WebSocket") {
    std::vector<event> got;
    CHECK(parse_line("", got));
    CHECK(parse_line(" \r", got));
    CHECK(parse_line(R"({"ack":{"key":"k","id":"e-1"}})", got));
    CHECK(parse_line(R"({"error":{"status":400}})", got));
    CHECK(got.empty());
    CHECK(parse_line(R"({"id":"e-1","time":1,"data":{"gap":1,"next":"x"}})", got));
    CHECK(parse_line(R"({"gap":{"room":"a","reason":"restarted"},"next":"a@e-0"})", got));
    CHECK(parse_line(R"({"superseded":true})", got));
    REQUIRE(got.size() == 3);
    CHECK(std::get<message>(got[0].what).data == R"({"gap":1,"next":"x"})");
    CHECK(got[0].next.empty());
    CHECK(std::get<gap>(got[1].what).reason == "restarted");
    CHECK_FALSE(std::get<gap>(got[1].what).missed);
    CHECK(got[1].next == "a@e-0");
    CHECK(std::holds_alternative<superseded>(got[2].what));
    for (auto const* text : {"x", "[]", R"({"id":"e-1")", R"({"gap":1})", R"({"data":"x"})"}) {
        std::vector<event> none;
        CHECK_FALSE(parse_line(text, none));
    }
}
