// Names of hosts that an operator may give.
#include <anteroom/guard/hosts.hpp>

#include <catch2/catch_test_macros.hpp>

using anteroom::hosts;

TEST_CASE("what can be given as a host") {
    for (std::string_view const text :
         {"*", "chat.example", "*.example.org", "10.0.0.1", "[::1]", "box", "chat.example."}) {
        CAPTURE(text);
        CHECK(hosts::is_pattern(text));
    }
    for (std::string_view const text : {"", "*.", "chat.example:80", "a b", "http://a", "a.*", "*.*.a", "**", "*a"}) {
        CAPTURE(text);
        CHECK_FALSE(hosts::is_pattern(text));
    }
}

TEST_CASE("the dot of a complete name makes no difference, wherever it is written") {
    hosts const known({"chat.example.", "plain.example", "*.example.org."});
    for (std::string_view const host :
         {"chat.example", "chat.example.", "CHAT.example", "plain.example.", "a.example.org", "a.example.org."}) {
        CAPTURE(host);
        CHECK(known.knows(host));
    }
    for (std::string_view const host : {".", "chat.example..", "example.org.", ".example.org", "chat"}) {
        CAPTURE(host);
        CHECK_FALSE(known.knows(host));
    }
}
