// A room's log with messages that are committed later: they become readable in the order of their places.
#include "room/commits.hpp"
#include "room/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("a message has its place at once, and is readable once it is committed") {
    committed_history it;
    auto const one = it.append();
    CHECK(one == cursor{7, 1});
    CHECK_FALSE(it.log.empty());
    CHECK(it.log.size() == 0);
    CHECK(it.log.bytes() == it.meter.used());
    CHECK(it.log.bytes() > 0);
    CHECK(it.log.end() == cursor{7, 0});
    CHECK(it.log.last() == 0);
    CHECK(it.log.read({}, 10).empty());
    CHECK(it.log.before(std::nullopt, 10).empty());
    CHECK(it.commit(one));
    CHECK(it.log.size() == 1);
    CHECK(it.log.end() == one);
    CHECK(it.readable() == range(1, 1));
    CHECK(numbers(it.log.before(std::nullopt, 10)) == range(1, 1));
}

TEST_CASE("what is committed behind what is not becomes readable with it") {
    committed_history it;
    auto const first = it.append();
    auto const second = it.append();
    auto const third = it.append();
    CHECK_FALSE(it.commit(second));
    CHECK(it.log.end() == cursor{7, 0});
    CHECK(it.commit(first));
    CHECK(it.log.end() == second);
    CHECK(it.readable() == range(1, 2));
    CHECK(it.commit(third));
    CHECK(it.readable() == range(1, 3));
}

TEST_CASE("in whatever order messages are committed, what is readable has no holes") {
    std::vector<std::uint64_t> order = range(1, 5);
    do {
        committed_history it;
        for (int i = 0; i < 5; ++i)
            it.append();
        std::vector<bool> committed(7);
        std::uint64_t end = 0;
        for (auto const number : order) {
            committed[number] = true;
            while (committed[end + 1])
                ++end;
            REQUIRE(it.commit({7, number}) == (number <= end));
            REQUIRE(it.log.last() == end);
            REQUIRE(it.log.size() == end);
            REQUIRE(it.readable() == range(1, end));
        }
        REQUIRE(it.readable() == range(1, 5));
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("a batch is committed as one") {
    committed_history it;
    auto const first = it.append();
    it.append();
    auto const last = it.append();
    auto const other = it.append();
    CHECK_FALSE(it.commit(other));
    CHECK(it.commit(first, last));
    CHECK(it.readable() == range(1, 4));
}

TEST_CASE("what is appended at once behind what is not committed waits for it") {
    committed_history it;
    it.append_now();
    auto const pending = it.append();
    auto const behind = it.append_now();
    CHECK(behind == cursor{7, 3});
    CHECK(it.readable() == range(1, 1));
    CHECK(it.commit(pending));
    CHECK(it.readable() == range(1, 3));
    CHECK(it.append_now() == cursor{7, 4});
    CHECK(it.readable() == range(1, 4));
}

TEST_CASE("a second commit, and one of what was readable at once, change nothing") {
    committed_history it;
    auto const now = it.append_now();
    CHECK(it.commit(now));
    auto const one = it.append();
    auto const two = it.append();
    CHECK(it.commit(now));
    CHECK(it.commit(one));
    CHECK(it.commit(one));
    CHECK(it.readable() == range(1, 2));
    CHECK(it.commit(two));
    CHECK(it.commit(two));
    CHECK(it.commit(one));
    CHECK(it.readable() == range(1, 3));
}

TEST_CASE("a commit of a life that has ended commits nothing") {
    committed_history it;
    it.append_now();
    auto const before = it.append();
    it.log.restart(8);
    CHECK(it.log.empty());
    CHECK(it.log.bytes() == 0);
    CHECK(it.meter.used() == 0);
    CHECK(it.log.end() == cursor{8, 0});
    auto const first = it.append();
    auto const second = it.append();
    CHECK(second == cursor{8, 2});
    // Of the same number, but of the life before.
    CHECK(before.number == second.number);
    CHECK_FALSE(it.commit(before));
    CHECK(it.commit(first));
    CHECK(it.log.end() == first);
    // What was appended counts as published in the life that it was appended in.
    CHECK(it.log.read({7, 1}, 10).missed == gap{gap_reason::deleted, 1});
}
