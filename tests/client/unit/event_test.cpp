// Polls, lines and frames as items.
#include <anteroom/client/event.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

namespace {

message message_of(std::string_view text) {
    message out;
    REQUIRE(read_message(text, out));
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

TEST_CASE("JSON data comes out as it was written") {
    for (auto const* data :
         {"1.50", "12345678901234567890123", R"({"b":1,"a":[],"b":2})", "null", "[1e400]", "false"}) {
        auto const got = message_of(std::string(R"({"id":"e-1","time":1,"data":)") + data + "}");
        CHECK(got.kind == content::json);
        CHECK(got.data == data);
        CHECK(got.from.empty());
    }
}

TEST_CASE("what is no message") {
    for (auto const* text : {"", "1", "{}", R"({"id":"e-1"})", R"({"data":"x"})", R"({"id":1,"data":"x"})",
                             R"({"id":"e-1","data":"x","time":"y"})", R"({"id":"e-1","data":bad})",
                             R"({"id":"e-1","data":"x"}{)", R"({"id":"e-1","data":"\x"})"}) {
        message into;
        CHECK_FALSE(read_message(text, into));
    }
}

TEST_CASE("a poll's answer: gaps first, then messages, then the cursor, in whatever order they are written") {
    poll_page page;
    REQUIRE(read_poll(R"({"next":"e-9","messages":[{"id":"e-8","time":1,"data":"a"},{"id":"e-9","time":1,"data":"b"}],
                          "gaps":[{"room":"kitchen","reason":"evicted","missed":7}],"draining":true})",
                      page));
    REQUIRE(page.items.size() == 4);
    CHECK(std::get<gap>(page.items[0].what).missed == 7);
    CHECK(std::get<message>(page.items[1].what).data == "a");
    CHECK(std::get<message>(page.items[2].what).data == "b");
    CHECK(std::holds_alternative<moved>(page.items[3].what));
    CHECK(page.items[3].next == "e-9");
    CHECK(page.draining);
}

TEST_CASE("a poll's answer that is none") {
    for (auto const* text :
         {"", "<html>", "{}", R"({"messages":[]})", R"({"messages":{},"next":"e-1"})",
          R"({"messages":[1],"next":"e-1"})", R"({"messages":[],"next":"e-1")", R"({"messages":[],"next":1})"}) {
        poll_page page;
        CHECK_FALSE(read_poll(text, page));
    }
    poll_page page;
    REQUIRE(read_poll(R"({"messages":[],"next":"e-1","superseded":true})", page));
    CHECK(std::holds_alternative<superseded>(page.items.back().what));
}

TEST_CASE("lines of a stream and frames of a socket") {
    std::vector<item> got;
    CHECK(read_line("", got));
    CHECK(read_line(" \r", got));
    CHECK(read_line(R"({"ack":{"key":"k","id":"e-1"}})", got));
    CHECK(read_line(R"({"error":{"status":400}})", got));
    CHECK(got.empty());
    CHECK(read_line(R"({"id":"e-1","time":1,"data":{"gap":1,"next":"x"}})", got));
    CHECK(read_line(R"({"gap":{"room":"a","reason":"restarted"},"next":"a@e-0"})", got));
    CHECK(read_line(R"({"superseded":true})", got));
    REQUIRE(got.size() == 3);
    CHECK(std::get<message>(got[0].what).data == R"({"gap":1,"next":"x"})");
    CHECK(got[0].next.empty());
    CHECK(std::get<gap>(got[1].what).reason == "restarted");
    CHECK_FALSE(std::get<gap>(got[1].what).missed);
    CHECK(got[1].next == "a@e-0");
    CHECK(std::holds_alternative<superseded>(got[2].what));
    for (auto const* text : {"x", "[]", R"({"id":"e-1")", R"({"gap":1})", R"({"data":"x"})"}) {
        std::vector<item> none;
        CHECK_FALSE(read_line(text, none));
    }
}
