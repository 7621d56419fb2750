// Reading the JSON that clients send over a WebSocket: the members of an object, and the text of a string.
#include <anteroom/encode/json.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;

namespace {

// The members as `name=value`, of the result of compact_json() for a text.
std::optional<std::vector<std::string>> taken_apart(std::string_view text) {
    auto const compact = encode::compact_json(text);
    REQUIRE(compact);
    auto const found = encode::members(*compact);
    if (!found)
        return std::nullopt;
    std::vector<std::string> out;
    for (auto const& each : *found)
        out.push_back(std::string(each.name).append("=").append(each.value));
    return out;
}

}  // namespace

TEST_CASE("an object is split into its members") {
    struct row {
        std::string_view text;
        std::vector<std::string> members;
    };
    row const rows[] = {
        {"{}", {}},
        {" { } ", {}},
        {R"({"a":1})", {"a=1"}},
        {R"({"data":"hi","key":"k"})", {R"(data="hi")", R"(key="k")"}},
        {R"( { "data" : { "a" : [ 1 , { } ] } , "key" : null } )", {R"(data={"a":[1,{}]})", "key=null"}},
        {R"({"a":[],"b":{},"c":true,"d":-1.5e+3,"e":""})", {"a=[]", "b={}", "c=true", "d=-1.5e+3", R"(e="")"}},
        {R"({"a":"}","b":"{","c":"]","d":",","e":":"})", {R"(a="}")", R"(b="{")", R"(c="]")", R"(d=",")", R"(e=":")"}},
        {R"({"a":"\"","b":"\\","c":"\\\"}"})", {R"(a="\"")", R"(b="\\")", R"(c="\\\"}")"}},
        {R"({"":1})", {"=1"}},
        {R"({"a\"b":1,"c,d":2,"e:f":3,"}":4})", {R"(a\"b=1)", "c,d=2", "e:f=3", "}=4"}},
        {R"({"a":1,"a":2})", {"a=1", "a=2"}},
        {R"({"\u0061":1})", {R"(\u0061=1)"}},
        {R"({"a":[[[{"b":[{}]}]],{"c":"]}"}],"d":0})", {R"(a=[[[{"b":[{}]}]],{"c":"]}"}])", "d=0"}},
    };
    for (auto const& [text, members] : rows) {
        CAPTURE(text);
        CHECK(taken_apart(text) == members);
    }
}

TEST_CASE("anything but an object has no members") {
    for (std::string_view const text : {"[]", "1", "null", "true", "\"{}\"", "[{}]", "\"\""}) {
        CAPTURE(text);
        CHECK_FALSE(taken_apart(text));
    }
    CHECK_FALSE(encode::members(""));
}

TEST_CASE("the text of a JSON string is decoded") {
    struct row {
        std::string_view json;
        std::string_view text;
    };
    static constexpr row rows[] = {
        {R"("")", ""},
        {R"("hi")", "hi"},
        {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
        {R"("\u00e9\u20AC")", "\xC3\xA9\xE2\x82\xAC"},
        {R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
        {"\"h\xC3\xA9\"", "h\xC3\xA9"},
        {R"("{}")", "{}"},
        {R"("\u007f")", "\x7F"},
    };
    for (auto const& [json, text] : rows) {
        CAPTURE(json);
        REQUIRE(encode::compact_json(json) == json);
        CHECK(encode::string_value(json) == text);
    }
    CHECK(encode::string_value(R"("a\u0000b")") == std::string("a\0b", 3));
}

TEST_CASE("anything but a string has no text") {
    for (std::string_view const json : {"", "1", "null", "true", "[]", "{}", R"(["a"])", R"({"a":"b"})"}) {
        CAPTURE(json);
        CHECK_FALSE(encode::string_value(json));
    }
}
