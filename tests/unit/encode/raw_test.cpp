// The raw form: the head that precedes a message's bytes, and a gap as a field.
#include "messages.hpp"
#include <anteroom/encode/raw.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("the raw head describes the bytes that follow") {
    memory_meter meter;
    auto const made_text = message_at({36, 42}, 0, draft{content::text, "h\xC3\xA9llo", "ann"}, meter);
    auto const& text = *made_text;
    CHECK(encode::raw_head(text) ==
          "Content-Type: text/plain; charset=utf-8\r\n"
          "Content-Length: 6\r\n"
          "Cache-Control: no-store\r\n"
          "X-Content-Type-Options: nosniff\r\n"
          "Cross-Origin-Resource-Policy: same-origin\r\n"
          "Last-Event-ID: 10-42\r\n"
          "\r\n");
    CHECK(encode::raw_head(text).data() == encode::raw_head(text).data());
    auto const made_json = message_at({1, 1}, 0, draft{content::json, "[1,2]", ""}, meter);
    auto const& json = *made_json;
    CHECK(encode::raw_head(json).starts_with("Content-Type: application/json\r\nContent-Length: 5\r\n"));
}

TEST_CASE("a gap as a field") {
    CHECK(encode::gap_field({gap_reason::evicted, 17}) == "evicted;missed=17");
    CHECK(encode::gap_field({gap_reason::restarted, std::nullopt}) == "restarted");
    CHECK(encode::gap_field({gap_reason::deleted, 1}) == "deleted;missed=1");
}

TEST_CASE("the raw head for a subscription to several rooms has the room and the cursor of all rooms") {
    memory_meter meter;
    auto const made_one = message_at({36, 42}, 0, draft{content::text, "hello", ""}, meter);
    auto const& one = *made_one;
    CHECK(encode::raw_head_in(one, "caf\xC3\xA9 1", "caf%C3%A9%201@10-42,b@1-1") ==
          "Content-Type: text/plain; charset=utf-8\r\n"
          "Content-Length: 5\r\n"
          "Cache-Control: no-store\r\n"
          "X-Content-Type-Options: nosniff\r\n"
          "Cross-Origin-Resource-Policy: same-origin\r\n"
          "Last-Event-ID: caf%C3%A9%201@10-42,b@1-1\r\n"
          "Room: caf%C3%A9%201\r\n"
          "\r\n");
}

TEST_CASE("a gap as a field names its room if there are several") {
    CHECK(encode::gap_field({gap_reason::evicted, 17}, "a b;c") == "evicted;missed=17;room=a%20b%3Bc");
    CHECK(encode::gap_field({gap_reason::restarted, std::nullopt}, "a") == "restarted;room=a");
}
