// JSON as it is validated and stored: without insignificant white space, its spelling unchanged; or refused.
#include <anteroom/encode/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom;
using namespace std::string_view_literals;

namespace {

std::string nested(std::size_t depth, std::string_view open, std::string_view inside, std::string_view close) {
    std::string out;
    for (std::size_t i = 0; i < depth; ++i)
        out += open;
    out += inside;
    for (std::size_t i = 0; i < depth; ++i)
        out += close;
    return out;
}

}  // namespace

TEST_CASE("white space between tokens is removed, everything else is kept") {
    struct row {
        std::string_view text;
        std::string_view compact;
    };
    static constexpr row rows[] = {
        {"null", "null"},
        {" true\n", "true"},
        {"\t\r\n false \t\r\n", "false"},
        {"0", "0"},
        {"-0", "-0"},
        {"1.50", "1.50"},
        {"1E+2", "1E+2"},
        {"0.1e-10", "0.1e-10"},
        {"1e400", "1e400"},
        {"123456789012345678901234567890.5", "123456789012345678901234567890.5"},
        {"-9223372036854775809", "-9223372036854775809"},
        {R"("")", R"("")"},
        {R"( " a  b " )", R"(" a  b ")"},
        {R"("\"  \\")", R"("\"  \\")"},
        {R"("\\" )", R"("\\")"},
        {R"(["\\", " "])", R"(["\\"," "])"},
        {R"("\u00e9\/\b\f\n\r\t")", R"("\u00e9\/\b\f\n\r\t")"},
        {R"("\ud83d\ude00")", R"("\ud83d\ude00")"},
        {"\"h\xC3\xA9\"", "\"h\xC3\xA9\""},
        {"[ ]", "[]"},
        {"{ }", "{}"},
        {"[ 1 , 2 ]", "[1,2]"},
        {R"({ "b" : 1 , "a" : [ { } ] })", R"({"b":1,"a":[{}]})"},
        {R"({"a": 1, "a": 2})", R"({"a":1,"a":2})"},
        {"{\n  \"text\": \"two\\n lines\"\n}\n", R"({"text":"two\n lines"})"},
    };
    for (auto const& [text, compact] : rows) {
        CAPTURE(text);
        CHECK(encode::compact_json(text) == std::optional<std::string>(compact));
        CHECK(encode::compact_json(compact) == std::optional<std::string>(compact));
    }
}

TEST_CASE("invalid JSON is refused") {
    for (auto const text : {""sv,
                            " "sv,
                            "nul"sv,
                            "nulls"sv,
                            "None"sv,
                            "TRUE"sv,
                            "NaN"sv,
                            "Infinity"sv,
                            "+1"sv,
                            "01"sv,
                            ".5"sv,
                            "1."sv,
                            "1e"sv,
                            "0x10"sv,
                            "-"sv,
                            "1 2"sv,
                            "1,"sv,
                            "'a'"sv,
                            "a"sv,
                            "\""sv,
                            "\"a"sv,
                            R"("\x")"sv,
                            R"("\u12")"sv,
                            R"("\u12g4")"sv,
                            "\"\n\""sv,
                            "\"\0\""sv,
                            "\"\x1F\""sv,
                            "\"\xFF\""sv,
                            "\"\xC0\x80\""sv,
                            "\"\xED\xA0\x80\""sv,
                            "\"\xC3\""sv,
                            "["sv,
                            "]"sv,
                            "[1"sv,
                            "[1,]"sv,
                            "[,1]"sv,
                            "[1 2]"sv,
                            "{"sv,
                            "{\"a\"}"sv,
                            "{\"a\":}"sv,
                            "{\"a\":1,}"sv,
                            "{a:1}"sv,
                            "{1:1}"sv,
                            "[1}"sv,
                            "{}{}"sv,
                            "null\0"sv,
                            "[1] x"sv,
                            "// c\n1"sv,
                            "/* c */ 1"sv,
                            "\xEF\xBB\xBF"
                            "1"sv}) {
        CAPTURE(text);
        CHECK_FALSE(encode::compact_json(text));
    }
}

TEST_CASE("nesting is limited to a depth beyond any real use") {
    for (std::size_t const depth : {1U, 32U, 33U, 200U}) {
        CAPTURE(depth);
        CHECK(encode::compact_json(nested(depth, " [", "1", "]")) == nested(depth, "[", "1", "]"));
        CHECK(encode::compact_json(nested(depth, R"({"a": )", "1", "}")) == nested(depth, R"({"a":)", "1", "}"));
    }
    for (std::size_t const depth : {257U, 1000U, 100'000U}) {
        CAPTURE(depth);
        CHECK_FALSE(encode::compact_json(nested(depth, "[", "1", "]")));
        CHECK_FALSE(encode::compact_json(nested(depth, R"({"a":)", "1", "}")));
        CHECK_FALSE(encode::compact_json(std::string(depth, '[')));
    }
}

TEST_CASE("size alone is not an error") {
    auto const text = "[\"" + std::string(1 << 20, 'x') + "\", " + std::string(2000, '7') + "]";
    auto const compact = encode::compact_json(text);
    REQUIRE(compact);
    CHECK(compact->size() == text.size() - 1);
    std::string many = "[0";
    for (int i = 0; i < 100'000; ++i)
        many += " ,0";
    many += "]";
    CHECK(encode::compact_json(many)->size() == many.size() - 100'000);
}
