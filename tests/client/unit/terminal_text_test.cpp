// Untrusted text on a terminal.
#include <anteroom/terminal_text.hpp>

#include <catch2/catch_test_macros.hpp>

using anteroom::for_terminal;

TEST_CASE("control characters do not reach a terminal") {
    CHECK(for_terminal("plain \xC3\xA4\tx") == "plain \xC3\xA4\tx");
    CHECK(for_terminal("\x1B[2Jx\r\x07\x7F") == "\xEF\xBF\xBD[2Jx\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(for_terminal("a\xC2\x9B"
                       "2Jb\xC2\xA0") ==
          "a\xEF\xBF\xBD"
          "2Jb\xC2\xA0");
    CHECK(for_terminal("a\nb", "  ") == "a\n  b");
}
