// Reading JSON member by member, as text.
#include <anteroom/client/json_reader.hpp>

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace anteroom::client;

namespace {

// Names and values of an object, or the values of an array; nullopt if it is malformed.
std::optional<std::vector<std::string>> parts(std::string_view text, char bracket) {
    std::vector<std::string> out;
    json_reader reader(text);
    if (!reader.enter(bracket))
        return std::nullopt;
    while (reader.next()) {
        if (bracket == '{')
            out.emplace_back(reader.name());
        out.emplace_back(reader.value());
    }
    return reader.complete() ? std::optional(out) : std::nullopt;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("objects and arrays are read member by member") {
    CHECK(parts("{}", '{') == list{});
    CHECK(parts("[]", '[') == list{});
    CHECK(parts(R"({"a":1,"b":"x"})", '{') == list{"a", "1", "b", "\"x\""});
    CHECK(parts(" { \"a\" : [1, {\"b\":2}] , \"c\" : {} } \n", '{') == list{"a", "[1, {\"b\":2}]", "c", "{}"});
    CHECK(parts(R"([1.50,1e400,"]",{"a":"\"}"},null])", '[') ==
          list{"1.50", "1e400", "\"]\"", R"({"a":"\"}"})", "null"});
    CHECK(parts(R"(["\\","\\\""])", '[') == list{R"("\\")", R"("\\\"")"});
}

TEST_CASE("malformed objects and arrays are detected, wherever they break") {
    std::string_view const whole = R"({"a":[1,{"b":"\"}"}],"c":"d"})";
    REQUIRE(parts(whole, '{'));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(whole.substr(0, size));
        CHECK_FALSE(parts(whole.substr(0, size), '{'));
    }
    for (auto const* text :
         {"[]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{a:1}", "{}x", "{\"a\":1}}"})
        CHECK_FALSE(parts(text, '{'));
    for (auto const* text : {"[,]", "[1,]", "[1 ", "[1]]"})
        CHECK_FALSE(parts(text, '['));
}

TEST_CASE("single values") {
    CHECK(json_string(R"("a\u00e4\n\"")") == "a\xC3\xA4\n\"");
    CHECK_FALSE(json_string("1"));
    CHECK_FALSE(json_string("\"a"));
    CHECK_FALSE(json_string("\"a\"b\""));
    CHECK(json_number("9223372036854775807") == 9223372036854775807);
    CHECK_FALSE(json_number("9223372036854775808"));
    CHECK_FALSE(json_number("-1"));
    CHECK_FALSE(json_number("1.0"));
    CHECK(is_json("[1,2]"));
    CHECK_FALSE(is_json("[1,2"));
    CHECK(is_json(std::string(300, '[') + std::string(300, ']')));
    std::string out;
    append_json_string(out, "a\"\n");
    CHECK(out == R"("a\"\n")");
}
