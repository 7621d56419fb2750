// How long a body may be, by what it is.
#include <anteroom/http/body_limit.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace anteroom::http;

TEST_CASE("what is no plain text may be as long as its encoding makes it") {
    struct row {
        std::optional<std::string_view> type;
        std::optional<std::string_view> coding;
        std::uint64_t limit;
    };
    static constexpr std::uint64_t encoded = 6 * 1000 + 4096;
    static constexpr row rows[] = {
        {std::nullopt, std::nullopt, 1000},
        {"text/plain", std::nullopt, 1000},
        {"Text/Plain; charset=utf-8", std::nullopt, 1000},
        {"text/plain", "gzip", encoded},
        {std::nullopt, "gzip", encoded},
        {"application/json", std::nullopt, encoded},
        {"application/x-ndjson", std::nullopt, encoded},
        {"application/x-www-form-urlencoded", std::nullopt, encoded},
    };
    for (auto const& [type, coding, limit] : rows) {
        CAPTURE(type.value_or("none"), coding.value_or("none"));
        header_fields fields;
        fields.values[static_cast<std::size_t>(header::content_type)] = type;
        fields.values[static_cast<std::size_t>(header::content_encoding)] = coding;
        CHECK(body_limit(fields, 1000) == limit);
    }
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    CHECK(max_encoded(most) == most);
    CHECK(max_encoded(most / 6) == most);
    CHECK(max_encoded((most - 4096) / 6) > most - 6);
}
