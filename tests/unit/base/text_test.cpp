// Text in the wire formats: what is accepted, what is rejected, and that nothing is read past the end.
#include <anteroom/base/text.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <vector>

using namespace anteroom;
using namespace std::string_view_literals;

TEST_CASE("is_utf8 accepts exactly what RFC 3629 allows") {
    struct row {
        std::string_view bytes;
        bool valid;
    };
    static constexpr row rows[] = {
        {"", true},
        {"plain", true},
        {"\0\x7F"sv, true},
        {"\xC2\x80", true},          // U+0080, the smallest of two bytes
        {"\xDF\xBF", true},          // U+07FF, the largest
        {"\xE0\xA0\x80", true},      // U+0800
        {"\xED\x9F\xBF", true},      // U+D7FF, just before the surrogates
        {"\xEE\x80\x80", true},      // U+E000, just after
        {"\xEF\xBF\xBF", true},      // U+FFFF
        {"\xF0\x90\x80\x80", true},  // U+10000
        {"\xF4\x8F\xBF\xBF", true},  // U+10FFFF, the last
        {"a\xE2\x82\xACz", true},    // between plain characters
        {"\x80", false},             // a lone continuation byte
        {"\xBF", false},
        {"a\x80z", false},
        {"\xC0\x80", false},                  // overlong: U+0000 in two bytes
        {"\xC1\xBF", false},                  // overlong: U+007F
        {"\xE0\x80\x80", false},              // overlong: U+0000 in three
        {"\xE0\x9F\xBF", false},              // overlong: U+07FF
        {"\xF0\x80\x80\x80", false},          // overlong: U+0000 in four
        {"\xF0\x8F\xBF\xBF", false},          // overlong: U+FFFF
        {"\xED\xA0\x80", false},              // U+D800, the first surrogate
        {"\xED\xBF\xBF", false},              // U+DFFF, the last
        {"\xED\xA0\xBD\xED\xB8\x80", false},  // a pair of them (CESU-8)
        {"\xF4\x90\x80\x80", false},          // U+110000
        {"\xF5\x80\x80\x80", false},
        {"\xF8\x88\x80\x80\x80", false},  // five bytes
        {"\xFC\x84\x80\x80\x80\x80", false},
        {"\xFE", false},
        {"\xFF", false},
        {"\xC2", false},  // truncated
        {"\xE2\x82", false},
        {"\xF0\x9F\x98", false},
        {"\xE2\x82z", false},  // interrupted by another character
        {"\xE2z\xAC", false},
        {"\xF0\x9F\x98z", false},
        {"\xC2\xC2", false},
    };
    for (auto const& [bytes, valid] : rows) {
        CAPTURE(bytes);
        CHECK(is_utf8(bytes) == valid);
    }
}

TEST_CASE("is_utf8 agrees with the definition for every sequence of up to three bytes") {
    auto const by_definition = [](std::string_view bytes) {
        std::size_t i = 0;
        auto const at = [&](std::size_t n) { return static_cast<unsigned char>(bytes[n]); };
        while (i < bytes.size()) {
            unsigned code = at(i);
            std::size_t length = 1;
            if (code >= 0x80) {
                length = code >= 0xF0 ? 4 : code >= 0xE0 ? 3 : code >= 0xC0 ? 2 : 0;
                if (length == 0 || i + length > bytes.size())
                    return false;
                code &= 0x7FU >> length;
                for (std::size_t n = 1; n < length; ++n) {
                    if ((at(i + n) & 0xC0U) != 0x80U)
                        return false;
                    code = code << 6U | (at(i + n) & 0x3FU);
                }
                static constexpr unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
                if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
                    return false;
            }
            i += length;
        }
        return true;
    };
    std::size_t differences = 0;
    for (unsigned first = 0; first < 256; ++first) {
        for (unsigned second = 0; second < 256; ++second) {
            for (unsigned const third : {0x00U, 0x7FU, 0x80U, 0xBFU, 0xC0U, 0xFFU}) {
                char const all[] = {static_cast<char>(first), static_cast<char>(second), static_cast<char>(third)};
                for (std::size_t length = 1; length <= 3; ++length)
                    differences += is_utf8({all, length}) != by_definition({all, length});
            }
        }
    }
    CHECK(differences == 0);
}

TEST_CASE("control characters are C0, DEL and C1") {
    for (auto const text : {"\0"sv, "a\x1F"sv, "\n"sv, "\x7F"sv, "\xC2\x80"sv, "a\xC2\x9Fz"sv}) {
        CAPTURE(text);
        CHECK(has_control_character(text));
    }
    for (auto const text : {""sv, " ~"sv, "\xC2\xA0"sv, "\xC3\x80"sv, "\xE2\x80\xA8"sv, "\xE0\xA0\x80"sv}) {
        CAPTURE(text);
        CHECK_FALSE(has_control_character(text));
    }
}

TEST_CASE("utf8_length counts characters, not bytes") {
    CHECK(utf8_length("") == 0);
    CHECK(utf8_length("abc") == 3);
    CHECK(utf8_length("\xC3\xA9t\xC3\xA9") == 3);
    CHECK(utf8_length("\xF0\x9F\x98\x80\xE2\x82\xAC") == 2);
}

TEST_CASE("percent_decode decodes percent-encoding") {
    struct row {
        std::string_view text;
        bool plus;
        std::optional<std::string> decoded;
    };
    std::vector<row> const rows = {
        {"", false, ""},
        {"plain", false, "plain"},
        {"a%20b", false, "a b"},
        {"%41%61%7e", false, "Aa~"},
        {"%E2%82%ac", false, "\xE2\x82\xAC"},
        {"%00", false, std::string(1, '\0')},
        {"%25", false, "%"},
        {"%2525", false, "%25"},  // decoded once, not twice
        {"a+b", false, "a+b"},
        {"a+b", true, "a b"},
        {"%2B", true, "+"},
        {"%", false, std::nullopt},
        {"%4", false, std::nullopt},
        {"a%4", true, std::nullopt},
        {"%zz", false, std::nullopt},
        {"%4g", false, std::nullopt},
        {"%g4", false, std::nullopt},
        {"%%41", false, std::nullopt},
        {"% 1", false, std::nullopt},
        {"%+1", true, std::nullopt},
    };
    for (auto const& [text, plus, decoded] : rows) {
        CAPTURE(text, plus);
        CHECK(percent_decode(text, plus) == decoded);
    }
}

TEST_CASE("a number written in base 36 is read back") {
    auto const greatest = std::numeric_limits<std::uint64_t>::max();
    for (std::uint64_t const number :
         {std::uint64_t{0}, std::uint64_t{35}, std::uint64_t{36}, greatest / 2, greatest}) {
        std::string text;
        append_base36(text, number);
        CAPTURE(text);
        CHECK(parse_base36(text) == number);
    }
    std::string text = "x";
    append_base36(text, greatest);
    CHECK(text == "x3w5e11264sgsf");
}

TEST_CASE("each number has exactly one accepted spelling") {
    struct row {
        std::string_view text;
        std::optional<std::uint64_t> decimal;
        std::optional<std::uint64_t> base36;
    };
    static constexpr row rows[] = {
        {"0", 0, 0},
        {"7", 7, 7},
        {"10", 10, 36},
        {"18446744073709551615", 18446744073709551615U, std::nullopt},
        {"18446744073709551616", std::nullopt, std::nullopt},
        {"3w5e11264sgsf", std::nullopt, 18446744073709551615U},
        {"3w5e11264sgsg", std::nullopt, std::nullopt},
        {"zz", std::nullopt, 35 * 36 + 35},
        {"", std::nullopt, std::nullopt},
        {"00", std::nullopt, std::nullopt},
        {"01", std::nullopt, std::nullopt},
        {"+1", std::nullopt, std::nullopt},
        {"-1", std::nullopt, std::nullopt},
        {" 1", std::nullopt, std::nullopt},
        {"1 ", std::nullopt, std::nullopt},
        {"1.0", std::nullopt, std::nullopt},
        {"Z", std::nullopt, std::nullopt},
        {"1e", std::nullopt, 36 + 14},
        {"\xC2\xB2", std::nullopt, std::nullopt},
    };
    for (auto const& [text, decimal, base36] : rows) {
        CAPTURE(text);
        CHECK(parse_decimal(text) == decimal);
        CHECK(parse_base36(text) == base36);
    }
}

TEST_CASE("iequals ignores the case of ASCII letters only") {
    CHECK(iequals("", ""));
    CHECK(iequals("Content-Type", "content-tYPE"));
    CHECK_FALSE(iequals("a", "ab"));
    CHECK_FALSE(iequals("@", "`"));
    CHECK_FALSE(iequals("[", "{"));
    CHECK_FALSE(iequals("\xC3\x89", "\xC3\xA9"));
}

TEST_CASE("trim removes spaces and tabs from both ends") {
    CHECK(trim("") == "");
    CHECK(trim(" \t ") == "");
    CHECK(trim("\t a b \t") == "a b");
    CHECK(trim("\na\r") == "\na\r");
}

TEST_CASE("for_each_element iterates over a comma-separated list") {
    struct row {
        std::string_view list;
        std::vector<std::string_view> elements;
    };
    std::vector<row> const rows = {
        {"", {}},
        {",", {}},
        {" , ,", {}},
        {"a", {"a"}},
        {"a,b", {"a", "b"}},
        {" a ;q=1 ,\tb ", {"a ;q=1", "b"}},
        {",a,,b,", {"a", "b"}},
    };
    for (auto const& [list, elements] : rows) {
        CAPTURE(list);
        std::vector<std::string_view> found;
        for_each_element(list, [&](std::string_view each) { found.push_back(each); });
        CHECK(found == elements);
    }
}
