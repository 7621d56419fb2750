// Delays between retries.
#include <anteroom/client/backoff.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;
using namespace std::chrono_literals;

TEST_CASE("the bound doubles up to the maximum, and starts again after a success") {
    backoff waits(500ms, 30s);
    // A random number that is one less than a multiple of bound + 1 gives the bound.
    for (auto const bound : {500, 1000, 2000, 4000, 8000, 16'000, 30'000, 30'000, 30'000})
        CHECK(waits.next(static_cast<std::uint64_t>(bound)) == std::chrono::milliseconds(bound));
    waits.reset();
    CHECK(waits.next(500) == 500ms);
}

TEST_CASE("jitter is full, and a Retry-After is a lower bound") {
    backoff waits(500ms, 30s);
    CHECK(waits.next(0) == 0ms);
    CHECK(waits.next(0, 3s) == 3s);
    CHECK(waits.next(1500, 1s) == 1500ms);
    for (int i = 0; i < 100; ++i)
        CHECK(waits.next(~std::uint64_t{0}) <= 30s);
    backoff none(0ms, 0ms);
    CHECK(none.next(7) == 0ms);
}
