// UTF-8 in pieces, and what of a text can be seen.
#include <anteroom/base/text.hpp>
#include <anteroom/base/utf8.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom;

namespace {

// Where a text is refused if it comes in two pieces: the size of what was written by then; npos if it is not.
std::size_t refused_at(std::string_view text, std::size_t split) {
    utf8_validator it;
    if (!it.write(text.substr(0, split)))
        return split;
    return it.write(text.substr(split)) ? text.npos : text.size();
}

}  // namespace

TEST_CASE("text in two pieces is valid if the whole is") {
    for (std::string_view const text :
         {"", "ascii only, and longer than a word of the machine", "h\xC3\xA9llo", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
          "\xED\x9F\xBF\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xE0\xA0\x80\xF0\x90\x80\x80",
          "eight by\xC3\xA9 eight b\xE2\x82\xACytes"}) {
        CAPTURE(text);
        REQUIRE(is_utf8(text));
        for (std::size_t split = 0; split <= text.size(); ++split) {
            utf8_validator it;
            CHECK(it.write(text.substr(0, split)));
            CHECK(it.is_whole() == is_utf8(text.substr(0, split)));
            CHECK(it.write(text.substr(split)));
            CHECK(it.is_whole());
        }
    }
}

TEST_CASE("text that cannot become valid is refused with the byte that says so") {
    // The last byte of each is the wrong one.
    for (std::string_view const text :
         {"\x80", "\xC0", "\xC1", "\xF5", "\xFF", "\xC3(", "\xC3\xC3", "\xE0\x9F", "\xED\xA0", "\xE2\x82(", "\xF0\x8F",
          "\xF4\x90", "\xF0\x9F\x98(", "\xF0\x9F(", "before it \xC3\xA9 and \xFF", "\xE2\x82\xAC\xBF"}) {
        CAPTURE(text);
        CHECK_FALSE(is_utf8(text));
        for (std::size_t split = 0; split < text.size(); ++split)
            CHECK(refused_at(text, split) == text.size());
        CHECK(refused_at(text, text.size()) == text.size());
    }
}

TEST_CASE("every sequence of two bytes is judged as by is_utf8()") {
    for (int i = 0; i < 256 * 256; ++i) {
        std::string const text{static_cast<char>(i >> 8), static_cast<char>(i & 0xFF)};
        utf8_validator it;
        if ((it.write(text) && it.is_whole()) != is_utf8(text))
            FAIL("judged otherwise: " << i);
    }
}

TEST_CASE("which texts can be seen, and which hide something") {
    struct row {
        std::string_view text;
        bool visible;
        bool hides;
    };
    static constexpr row rows[] = {
        {"", false, false},
        {"ann", true, false},
        {"ann marie", true, false},
        {" ", false, false},
        {"\xC2\xA0\xE2\x80\x83\xE3\x80\x80", false, false},     // no-break, em and ideographic space
        {"\xE2\xA0\x80", false, true},                          // a blank Braille pattern
        {"\xE3\x85\xA4\xEF\xBE\xA0\xE1\x85\x9F", false, true},  // Hangul fillers
        {"\xEF\xB8\x8F", false, true},                          // a variation selector alone
        {"\xE2\x9D\xA4\xEF\xB8\x8F", true, false},              // and in a red heart
        {"\xE2\x80\x8B", false, true},                          // zero width space
        {"a\xE2\x80\x8B", true, true},
        {"a\xE2\x80\x8C"
         "b",
         true, true},  // zero width non-joiner
        {"a\xE2\x80\x8D"
         "b",
         true, true},                   // zero width joiner
        {"a\xE2\x80\x8E", true, true},  // left-to-right mark
        {"\xE2\x80\x8F"
         "a",
         true, true},  // right-to-left mark
        {"a\xE2\x80\xAE"
         "b",
         true, true},  // right-to-left override
        {"\xE2\x81\xA6"
         "a\xE2\x81\xA9",
         true, true},                   // isolates
        {"\xE2\x81\xA0", false, true},  // word joiner
        {"\xEF\xBB\xBF"
         "ann",
         true, true},  // byte order mark
        {"a\xC2\xAD"
         "b",
         true, true},                               // soft hyphen
        {"\xD8\x9C", false, true},                  // Arabic letter mark
        {"a\xE2\x80\xA8", true, true},              // line separator
        {"a\xF3\xA0\x81\xA1", true, true},          // a tag
        {"\xD8\xB9\xD9\x84\xDB\x8C", true, false},  // Arabic
        {"\xF0\x9F\x98\x80", true, false},
        // A joiner makes one astronaut of a woman and a rocket, and keeps letters of a Persian name apart.
        {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80", true, false},
        {"\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5", true, false},
        {"\xD8\xB9\xD9\x84\xDB\x8C\xE2\x80\x8C\xD8\xB1\xD8\xB6\xD8\xA7", true, false},
        {"\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7", true, false},
        {"\xF0\x9F\x91\xA9\xE2\x80\x8D", true, true},
        {"\xE2\x80\x8D\xF0\x9F\x91\xA9", true, true},
        {"\xF0\x9F\x91\xA9\xE2\x80\x8D"
         "a",
         true, true},
        {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x80\x8D\xF0\x9F\x91\xA9", true, true},
        {"e\xCC\x81", true, false},  // a combining accent
        // Selectors and joiners choose a form of what has several, and are nothing to be seen elsewhere.
        {"ann\xEF\xB8\x8F", true, true},
        {"ann\xEF\xB8\x80", true, true},
        {"ann\xF3\xA0\x84\x80", true, true},
        {"\xE8\x91\x9B\xF3\xA0\x84\x80", true, false},  // a Japanese name's 葛
        {"1\xEF\xB8\x8F\xE2\x83\xA3", true, false},     // a keycap
        {"ann1\xEF\xB8\x8F", true, true},
        {"\xE3\x81\x95\xEF\xB8\x8F\xE3\x81\x8F", true, true},               // Kana
        {"\xF0\x9F\x99\x82\xEF\xB8\x8F\xEF\xB8\x8F", true, true},           // a second selector
        {"\xE2\x82\xAC\xEF\xB8\x8F", true, true},                           // a currency sign
        {"\xD8\xB9\xE2\x80\x8D\xD9\x84\xDB\x8C", true, true},               // letters that join anyway
        {"\xD8\xA7\xE2\x80\x8C\xD8\xB1", true, true},                       // and ones that do not
        {"\xE0\xA6\xB0\xE2\x80\x8D\xE0\xA7\x8D\xE0\xA6\xAF", true, false},  // Bengali
        {"\xE0\xA4\x95\xE2\x80\x8D\xE0\xA4\xB7", true, true},               // without a sign between them
        {"\xC2\xA9\xEF\xB8\x8F", true, false},
        {"\xE1\xA0\xA0\xE1\xA0\x8B", true, false},  // a Mongolian letter
        {"ann\xE1\xA0\x8B", true, true},
        {"\xE2\x86\x92\xE2\x80\x8C\xE2\x86\x92", true, true},  // arrows
        {"\xE2\x86\x92\xE2\x80\x8D\xE2\x86\x92", true, true},
        {"\xF0\x9F\x99\x82\xE2\x80\x8D\xE2\x86\x94\xEF\xB8\x8F", true, false},  // a head that is shaken
        {"\xD9\xA1\xE2\x80\x8C\xD9\xA2", true, true},                           // Arabic digits
        {"\xD9\x80\xE2\x80\x8C\xD9\x80", true, true},
        {"ann\xE1\x9E\xB4", true, true},
        {"ann\xEF\xBF\xB0", true, true},
        {"ann\xF3\xA0\x82\x80", true, true},
        {"ann\xF3\xA0\xBF\xBF", true, true},
        {"ann\xF0\x9D\x85\x99", true, true},
        {"ann\xF0\x93\x90\xB0", true, true},
    };
    for (auto const& [text, visible, hides] : rows) {
        CAPTURE(text);
        REQUIRE(is_utf8(text));
        CHECK(has_visible_character(text) == visible);
        CHECK(has_hidden_character(text) == hides);
    }
}
