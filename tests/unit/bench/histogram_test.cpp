// Percentiles from buckets: never under the true value, and over it by no more than a bucket is wide.
#include <anteroom/bench/histogram.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <random>
#include <vector>

using anteroom::bench::histogram;

TEST_CASE("nothing recorded is nothing") {
    histogram const empty;
    CHECK(empty.count() == 0);
    CHECK(empty.at(0.99) == 0);
    CHECK(empty.max() == 0);
    CHECK(empty.mean() == 0);
}

TEST_CASE("percentiles are those of the sorted values, to 1.6 percent") {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> spread(13, 3);
    histogram counted;
    std::vector<std::uint64_t> values;
    for (int i = 0; i < 20'000; ++i) {
        values.push_back(static_cast<std::uint64_t>(spread(random)));
        counted.record(values.back());
    }
    std::sort(values.begin(), values.end());
    for (double const share : {0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999}) {
        INFO(share);
        auto const exact = values[static_cast<std::size_t>(share * 20'000)];
        CHECK(counted.at(share) >= exact);
        CHECK(static_cast<double>(counted.at(share)) <= static_cast<double>(exact) * 1.016 + 1);
    }
    CHECK(counted.at(1) == values.back());
    CHECK(counted.max() == values.back());
    CHECK(counted.count() == 20'000);
}

TEST_CASE("small values are exact, and the largest has a place") {
    histogram counted;
    for (std::uint64_t value = 0; value < 128; ++value)
        counted.record(value);
    CHECK(counted.at(0.5) == 64);
    CHECK(counted.at(0) == 0);
    counted.record(~std::uint64_t{0});
    CHECK(counted.max() == ~std::uint64_t{0});
    CHECK(counted.at(1) == ~std::uint64_t{0});
}
