// The Prefer field (RFC 7240): which value a preference has.
#include <anteroom/http/prefer.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::http;

TEST_CASE("the value of the preference `wait`") {
    struct row {
        std::string_view field;
        std::optional<std::string_view> value;
    };
    static constexpr row rows[] = {
        {"", std::nullopt},
        {"respond-async", std::nullopt},
        {"wait=7", "7"},
        {"WAIT=7", "7"},
        {"wait=0.5", "0.5"},
        {"respond-async, wait=7", "7"},
        {"respond-async,wait=7,handling=lenient", "7"},
        {" ,, wait=7 ,", "7"},
        // A word is a token or a quoted string, with blanks around the `=`.
        {"wait=\"7\"", "7"},
        {"wait = 7", "7"},
        {"wait\t=\t\"7\" , x", "7"},
        {R"(wait="\7")", "7"},
        {R"(note="wait=1, \"wait=2", wait=3)", "3"},
        {R"(note=", wait=1";wait=2, wait=3)", "3"},
        // Parameters belong to their preference.
        {"wait=7; foo=1", "7"},
        {"wait=7;foo=\"a,b\" ; ;bar, x", "7"},
        {"foo;wait=1, wait=2", "2"},
        // Only the first counts.
        {"wait=1, wait=2", "1"},
        {"wait=x, wait=2", "x"},
        {"wait, wait=2", ""},
        {"wait=\"\", wait=2", ""},
        // What is no preference, and what is behind it, is ignored.
        {"wait=7 seconds", std::nullopt},
        {"wait=", std::nullopt},
        {"wait=, handling=lenient", std::nullopt},
        {"=7, wait=8", std::nullopt},
        {"wait=\"7", std::nullopt},
        {"wait=\"7\\", std::nullopt},
        {"x y, wait=8", std::nullopt},
        {"wait=7, x y", "7"},
        {"waiting=7", std::nullopt},
    };
    for (auto const& [field, value] : rows) {
        CAPTURE(field);
        CHECK(preference(field, "wait") == value);
    }
}
