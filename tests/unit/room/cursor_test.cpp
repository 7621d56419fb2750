// Cursors as text: each has one spelling, and all other texts are rejected.
#include "room/print.hpp"
#include <anteroom/room/cursor.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace anteroom;

namespace {
constexpr auto greatest = std::numeric_limits<std::uint64_t>::max();
}

TEST_CASE("a cursor is parsed as it is written") {
    struct row {
        cursor at;
        std::string_view text;
    };
    static constexpr row rows[] = {
        {{0, 0}, "0"},      {{1, 0}, "1-0"},         {{1, 1}, "1-1"},
        {{35, 42}, "z-42"}, {{36, 1000}, "10-1000"}, {{greatest, greatest}, "3w5e11264sgsf-18446744073709551615"},
    };
    for (auto const& [at, text] : rows) {
        CAPTURE(text);
        CHECK(to_string(at) == text);
        CHECK(parse_cursor(text) == at);
        std::string after = "x";
        append(after, at);
        CHECK(after == "x" + std::string(text));
    }
}

TEST_CASE("invalid cursors are rejected") {
    for (std::string_view const text : {"",
                                        "-",
                                        "1",
                                        "a",
                                        "00",
                                        "0-0",
                                        "0-1",
                                        "-1",
                                        "1-",
                                        "a-",
                                        "01-1",
                                        "1-01",
                                        "1-00",
                                        "A-1",
                                        "1-a",
                                        "1-1-1",
                                        "1--1",
                                        " 1-1",
                                        "1-1 ",
                                        "1-+1",
                                        "+1-1",
                                        "1_1",
                                        "1-1,",
                                        "3w5e11264sgsg-1",
                                        "1-18446744073709551616",
                                        "k3f9x-4\xC2\xB2",
                                        "a@k3f9x-42",
                                        "1\xE2\x80\x93"
                                        "1"}) {
        CAPTURE(text);
        CHECK(parse_cursor(text) == std::nullopt);
    }
}

TEST_CASE("only the cursor `0` is the origin") {
    CHECK(parse_cursor("0")->is_origin());
    CHECK_FALSE(parse_cursor("1-0")->is_origin());
}
