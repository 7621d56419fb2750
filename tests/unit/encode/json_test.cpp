// The JSON forms, byte by byte, and that a JSON parser reads the original values from them.
#include "messages.hpp"
#include <anteroom/encode/json.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;
using namespace std::string_view_literals;

TEST_CASE("text becomes a JSON string") {
    struct row {
        std::string_view text;
        std::string_view json;
    };
    static constexpr row rows[] = {
        {"", R"("")"},
        {"plain", R"("plain")"},
        {R"("quoted")", R"("\"quoted\"")"},
        {R"(back\slash)", R"("back\\slash")"},
        {"a/b", R"("a/b")"},
        {"\n\r\t", R"("\n\r\t")"},
        {"\0"sv, "\"\\u0000\""},
        {"\b\f\x1B\x1F", R"("\u0008\u000c\u001b\u001f")"},
        {"\x7F", "\"\x7F\""},
        {"a\"", R"("a\"")"},
        {"\"a", R"("\"a")"},
        {"h\xC3\xA9 \xF0\x9F\x98\x80", "\"h\xC3\xA9 \xF0\x9F\x98\x80\""},
        {"\xE2\x80\xA8", "\"\xE2\x80\xA8\""},
    };
    for (auto const& [text, json] : rows) {
        CAPTURE(text);
        std::string out = "x";
        encode::append_json_string(out, text);
        CHECK(out == "x" + std::string(json));
        CHECK(boost::json::parse(out.substr(1)).as_string() == text);
    }
    std::string every;
    for (int c = 0; c < 0x80; ++c)
        every += static_cast<char>(c);
    std::string out;
    encode::append_json_string(out, every);
    CHECK(boost::json::parse(out).as_string() == every);
}

TEST_CASE("a message as an object") {
    memory_meter meter;
    auto const json = [&](draft const& what) {
        auto const made_one = message_at({36, 42}, 1'790'000'000'123, what, meter);
        auto const& one = *made_one;
        return encode::make_json(one);
    };
    CHECK(json({content::text, "hi", "ann"}) == R"({"id":"10-42","time":1790000000123,"from":"ann","data":"hi"})");
    CHECK(json({content::text, "hi", ""}) == R"({"id":"10-42","time":1790000000123,"data":"hi"})");
    CHECK(json({content::json, R"({"a":[1,"x"]})", ""}) ==
          R"({"id":"10-42","time":1790000000123,"data":{"a":[1,"x"]}})");
    CHECK(json({content::json, "null", "a\"b"}) == R"({"id":"10-42","time":1790000000123,"from":"a\"b","data":null})");
    CHECK(json({content::text, "null", ""}) == R"({"id":"10-42","time":1790000000123,"data":"null"})");
}

TEST_CASE("a gap as an object") {
    CHECK(encode::json(gap{gap_reason::evicted, 17}, "kitchen") ==
          R"({"room":"kitchen","reason":"evicted","missed":17})");
    CHECK(encode::json(gap{gap_reason::restarted, std::nullopt}, "a \"b\"") ==
          R"({"room":"a \"b\"","reason":"restarted"})");
}

TEST_CASE("a room's facts as an object") {
    room_facts facts;
    facts.name = "kitchen";
    facts.last = {36, 0};
    CHECK(encode::json(facts) ==
          R"({"room":"kitchen","messages":0,"bytes":0,"first":null,"last":"10-0","subscribers":0})");
    facts.messages = 3;
    facts.bytes = 300;
    facts.first = {36, 5};
    facts.last = {36, 7};
    facts.subscribers = 12;
    CHECK(encode::json(facts) ==
          R"({"room":"kitchen","messages":3,"bytes":300,"first":"10-5","last":"10-7","subscribers":12})");
}

TEST_CASE("a receipt as an object") {
    receipt done;
    done.ids = {{36, 1}};
    done.time = 1'790'000'000'123;
    done.subscribers = 3;
    std::array<std::string_view, 1> const one = {"a b"};
    std::array<std::string_view, 2> const two = {"a b", "c"};
    CHECK(encode::json(done, false, {}) == R"({"id":"10-1","time":1790000000123,"subscribers":3})");
    CHECK(encode::json(done, true, {}) == R"({"ids":["10-1"],"time":1790000000123,"subscribers":3})");
    CHECK(encode::json(done, false, one) == R"({"id":"a%20b@10-1","time":1790000000123,"subscribers":3})");
    done.ids = {{36, 1}, {36, 2}};
    done.subscribers = 0;
    CHECK(encode::json(done, true, {}) == R"({"ids":["10-1","10-2"],"time":1790000000123,"subscribers":0})");
    CHECK(encode::json(done, true, one) ==
          R"({"ids":["a%20b@10-1","a%20b@10-2"],"time":1790000000123,"subscribers":0})");
    CHECK(encode::json(done, false, two) == R"({"id":"a%20b@10-1,c@10-2","time":1790000000123,"subscribers":0})");
    // Per room in the order of appending; per message in the order of sending.
    done.ids = {{36, 1}, {36, 2}, {1, 8}, {1, 9}};
    CHECK(encode::json(done, true, two) ==
          R"({"ids":["a%20b@10-1,c@1-8","a%20b@10-2,c@1-9"],"time":1790000000123,"subscribers":0})");
}

TEST_CASE("the start of a message's object that names its room") {
    CHECK(encode::json_room_prefix("kitchen") == R"({"room":"kitchen",)");
    CHECK(encode::json_room_prefix("a \"b\"") == R"({"room":"a \"b\"",)");
}
