// One's own messages, come back.
#include <anteroom/echo_filter.hpp>

#include <catch2/catch_test_macros.hpp>

using anteroom::echoes;

TEST_CASE("own messages are known before and after their receipt") {
    echoes own;
    own.sending("hi");
    CHECK(own.is_own("e-1", "hi"));
    own.sent("e-1");
    CHECK_FALSE(own.is_own("e-2", "hi"));

    own.sending("ho");
    own.sent("e-3");
    CHECK_FALSE(own.is_own("e-4", "ho"));
    CHECK(own.is_own("e-3", "ho"));
    CHECK_FALSE(own.is_own("e-3", "ho"));
}

TEST_CASE("what did not arrive is not waited for") {
    echoes own;
    own.sending("hi");
    own.failed();
    CHECK_FALSE(own.is_own("e-1", "hi"));
    own.sending("a");
    own.sending("a");
    CHECK(own.is_own("e-2", "a"));
    own.sent("e-2");
    own.sent("e-3");
    CHECK(own.is_own("e-3", "a"));
}
