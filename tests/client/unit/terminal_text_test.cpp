// Untrusted text on a terminal.
#include <anteroom/terminal_text.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using anteroom::for_terminal;
using anteroom::json_for_terminal;

TEST_CASE("control characters do not reach a terminal") {
    CHECK(for_terminal("plain \xC3\xA4\tx") == "plain \xC3\xA4\tx");
    CHECK(for_terminal("\x1B[2Jx\r\x07\x7F") == "\xEF\xBF\xBD[2Jx\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(for_terminal("a\xC2\x9B"
                       "2Jb\xC2\xA0") ==
          "a\xEF\xBF\xBD"
          "2Jb\xC2\xA0");
    CHECK(for_terminal(std::string("a\0b", 3)) ==
          "a\xEF\xBF\xBD"
          "b");
}

TEST_CASE("a newline is followed by the indentation") {
    CHECK(for_terminal("a\nb", "  ") == "a\n  b");
    CHECK(for_terminal("a\r\nb\r", "  ") == "a\n  b\xEF\xBF\xBD");
}

TEST_CASE("direction marks are shown and not obeyed") {
    CHECK(for_terminal("a\xE2\x80\xAE"
                       "b\xE2\x81\xA6\xE2\x81\xA9\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C") ==
          "a‹U+202E›b‹U+2066›‹U+2069›‹U+200E›‹U+200F›‹U+061C›");
    // Their neighbours are characters like others.
    for (std::string const text : {"\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\xA5", "\xE2\x81\xAA", "\xE2\x80\x8D",
                                   "\xE2\x80\x90", "\xD8\x9B", "\xD8\x9D"})
        CHECK(for_terminal(text) == text);
}

TEST_CASE("what is not UTF-8 is shown byte by byte") {
    CHECK(for_terminal("a\x9B"
                       "b\xFFz\xC3") ==
          "a\xEF\xBF\xBD"
          "b\xEF\xBF\xBDz\xEF\xBF\xBD");
    CHECK(for_terminal("\xE2\x82x") == "\xEF\xBF\xBD\xEF\xBF\xBDx");
    CHECK(for_terminal("\xF0\x9F\x91\x8D") == "\xF0\x9F\x91\x8D");
}

TEST_CASE("JSON stays the same JSON") {
    CHECK(json_for_terminal("{\"a\":\t\"\\u001b\xC2\x9B\x7F\xE2\x80\xAE\xC3\xA4\"\r\n}") ==
          "{\"a\":\t\"\\u001b\\u009b\\u007f\\u202e\xC3\xA4\" \n}");
}
