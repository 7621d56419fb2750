// Durations and sizes as written in flags.
#include <anteroom/units.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;

TEST_CASE("durations") {
    struct row {
        std::string_view text;
        std::optional<std::int64_t> ms;
    };
    static constexpr row rows[] = {
        {"0", 0},
        {"0ms", 0},
        {"500ms", 500},
        {"10", 10'000},
        {"10s", 10'000},
        {"5m", 300'000},
        {"24h", 86'400'000},
        {"7d", 604'800'000},
        {"36500d", 3'153'600'000'000},
        {"36501d", std::nullopt},
        {"3153600000000ms", 3'153'600'000'000},
        {"3153600000001ms", std::nullopt},
        {"18446744073709551615d", std::nullopt},
        {"18446744073709551616", std::nullopt},
        {"", std::nullopt},
        {"s", std::nullopt},
        {"ms", std::nullopt},
        {"-1s", std::nullopt},
        {"+1s", std::nullopt},
        {"1.5s", std::nullopt},
        {"01s", std::nullopt},
        {"1 s", std::nullopt},
        {" 1s", std::nullopt},
        {"1s ", std::nullopt},
        {"1S", std::nullopt},
        {"1sec", std::nullopt},
        {"1h30m", std::nullopt},
        {"1K", std::nullopt},
    };
    for (auto const& [text, ms] : rows) {
        CAPTURE(text);
        auto const parsed = parse_duration(text);
        REQUIRE(parsed.has_value() == ms.has_value());
        if (ms)
            CHECK(parsed->count() == *ms);
    }
}

TEST_CASE("sizes") {
    struct row {
        std::string_view text;
        std::optional<std::size_t> bytes;
    };
    static constexpr row rows[] = {
        {"0", 0},
        {"1000", 1000},
        {"64K", 65'536},
        {"4M", 4'194'304},
        {"1G", 1'073'741'824},
        {"1048576G", std::size_t{1} << 50U},
        {"1048577G", std::nullopt},
        {"18446744073709551615G", std::nullopt},
        {"", std::nullopt},
        {"K", std::nullopt},
        {"-1K", std::nullopt},
        {"1.5K", std::nullopt},
        {"01K", std::nullopt},
        {"1 K", std::nullopt},
        {"1k", std::nullopt},
        {"1KB", std::nullopt},
        {"1KiB", std::nullopt},
        {"1T", std::nullopt},
        {"1s", std::nullopt},
    };
    for (auto const& [text, bytes] : rows) {
        CAPTURE(text);
        CHECK(parse_size(text) == bytes);
    }
}
