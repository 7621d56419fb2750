// One's own messages, recognised when the room delivers them.
#include <anteroom/echo_filter.hpp>

#include <catch2/catch_test_macros.hpp>

using anteroom::echo_filter;

TEST_CASE("own messages are recognised before and after their receipt") {
    echo_filter filter;
    filter.sending("hi");
    CHECK(filter.is_echo("e-1", "hi"));
    filter.acknowledged("e-1");
    CHECK_FALSE(filter.is_echo("e-2", "hi"));

    filter.sending("ho");
    filter.acknowledged("e-3");
    CHECK_FALSE(filter.is_echo("e-4", "ho"));
    CHECK(filter.is_echo("e-3", "ho"));
    CHECK_FALSE(filter.is_echo("e-3", "ho"));
}

TEST_CASE("a message that failed is not expected any more") {
    echo_filter filter;
    filter.sending("hi");
    filter.failed();
    CHECK_FALSE(filter.is_echo("e-1", "hi"));
    filter.sending("a");
    filter.sending("a");
    CHECK(filter.is_echo("e-2", "a"));
    filter.acknowledged("e-2");
    filter.acknowledged("e-3");
    CHECK(filter.is_echo("e-3", "a"));
}
