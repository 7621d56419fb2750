// What a subscriber has got, judged by its numbers.
#include <anteroom/bench/sequence.hpp>

#include <catch2/catch_test_macros.hpp>

using anteroom::bench::sequence;
using verdict = sequence::verdict;

TEST_CASE("numbers in order are all next") {
    sequence order;
    for (std::uint64_t number = 1; number <= 5; ++number)
        CHECK(order.take(number) == verdict::next);
    CHECK(order.due() == 6);
    CHECK(order.missing() == 0);
}

TEST_CASE("what is passed over is missing until it comes late, and comes once") {
    sequence order;
    CHECK(order.take(1) == verdict::next);
    CHECK(order.take(4) == verdict::hole);
    CHECK(order.missing() == 2);
    CHECK(order.take(3) == verdict::late);
    CHECK(order.take(3) == verdict::repeated);
    CHECK(order.take(1) == verdict::repeated);
    CHECK(order.take(5) == verdict::next);
    CHECK(order.missing() == 1);
}

TEST_CASE("a gap that is told of is nothing that is missing") {
    sequence order;
    order.skip(3);
    CHECK(order.take(4) == verdict::next);
    order.skip_to(9);
    CHECK(order.take(9) == verdict::next);
    order.skip_to(2);
    CHECK(order.due() == 10);
    CHECK(order.missing() == 0);
}
