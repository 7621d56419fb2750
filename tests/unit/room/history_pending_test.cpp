// What readers see of a log, and what its limits do, while messages in it are not committed yet.
#include "room/commits.hpp"
#include "room/print.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

// Messages 1 to `readable`, and behind them as many that are not committed as `pending` says.
struct half_committed : committed_history {
    half_committed(int readable, int pending, history_limits const& most = {}) {
        limits = most;
        for (int i = 0; i < readable; ++i)
            append_now();
        for (int i = 0; i < pending; ++i)
            append();
    }
    std::size_t each() const { return message::charge_of(text("x")); }
};

}  // namespace

TEST_CASE("readers and pages end where what is readable ends") {
    half_committed const it(5, 3);
    auto const got = it.log.read({7, 2}, 10);
    CHECK(numbers(got) == range(3, 5));
    CHECK(got.next == cursor{7, 5});
    CHECK_FALSE(got.more);
    CHECK(it.log.read({7, 5}, 10).empty());
    CHECK(it.log.read({7, 5}, 10).next == cursor{7, 5});
    CHECK(numbers(it.log.before(std::nullopt, 2)) == range(4, 5));
    CHECK(it.log.before(std::nullopt, 2).next == cursor{7, 5});
    CHECK(numbers(it.log.before(cursor{7, 5}, 2)) == range(3, 4));
    CHECK(it.log.size() == 5);
    CHECK(it.log.first() == 1);
    CHECK(it.log.bytes() == 8 * it.each());
}

TEST_CASE("a cursor of what is not readable yet was never given") {
    half_committed it(2, 2);
    auto const got = it.log.read({7, 3}, 10);
    CHECK(got.missed == gap{gap_reason::restarted, std::nullopt});
    CHECK(numbers(got) == range(1, 2));
    CHECK(it.log.before(cursor{7, 4}, 10).missed == gap{gap_reason::restarted, std::nullopt});
    it.commit({7, 3}, {7, 4});
    CHECK_FALSE(it.log.read({7, 3}, 10).missed);
}

TEST_CASE("what is not readable is not evicted") {
    half_committed it(2, 2);
    CHECK(it.log.evict(1'000'000) == 2 * it.each());
    CHECK(it.log.evict(1'000'000) == 0);
    CHECK_FALSE(it.log.empty());
    CHECK(it.log.size() == 0);
    CHECK(it.log.first() == 3);
    CHECK(it.log.last() == 2);
    CHECK(it.log.bytes() == 2 * it.each());
    CHECK(it.log.read({}, 10).missed == gap{gap_reason::evicted, 2});
    CHECK(it.log.read({}, 10).next == cursor{7, 2});
    CHECK(it.log.read({7, 2}, 10).empty());
    it.commit({7, 3}, {7, 4});
    CHECK(numbers(it.log.read({7, 2}, 10)) == range(3, 4));
    CHECK(it.log.evict(1'000'000) == 2 * it.each());
    CHECK(it.log.empty());
}

TEST_CASE("what is not readable is not too old either, until it is readable") {
    half_committed it(2, 2);
    CHECK(it.log.expire(1'000, milliseconds(100)));
    CHECK(it.log.size() == 0);
    CHECK_FALSE(it.log.expire(1'000, milliseconds(100)));
    CHECK_FALSE(it.log.empty());
    it.commit({7, 3}, {7, 4});
    CHECK(it.log.size() == 2);
    CHECK(it.log.expire(1'000, milliseconds(100)));
    CHECK(it.log.empty());
}

TEST_CASE("what is not readable comes on top of the limits, which apply once it is") {
    for (int const pending : {1, 2, 3, 4, 5, 30}) {
        CAPTURE(pending);
        half_committed it(6, pending, {.messages = 4});
        auto const last = 6 + static_cast<std::uint64_t>(pending);
        // Nobody loses a message to one that cannot be read, and none of those is lost.
        CHECK(it.log.size() == 4);
        CHECK(it.readable() == range(3, 6));
        CHECK(it.log.bytes() == (4 + static_cast<std::size_t>(pending)) * it.each());
        CHECK(it.meter.used() == it.log.bytes());
        CHECK(it.commit({7, 7}, {7, last}));
        CHECK(it.readable() == range(last - 3, last));
        CHECK(it.log.bytes() == 4 * it.each());
        CHECK(it.meter.used() == it.log.bytes());
    }
}

TEST_CASE("the limit of bytes is one of what is readable, and leaves the newest of it") {
    half_committed it(0, 0, {.bytes = 3 * message::charge_of(text("x"))});
    for (int i = 0; i < 3; ++i)
        it.append_now();
    auto const large = it.append(commitment::later, std::string(5'000, 'x'));
    auto const small = it.append();
    CHECK(it.readable() == range(1, 3));
    CHECK(it.commit(large));
    CHECK(it.readable() == range(4, 4));
    CHECK(it.commit(small));
    CHECK(it.readable() == range(5, 5));
    CHECK(it.log.bytes() == it.each());
}

TEST_CASE("a room that keeps one message keeps the last that is readable") {
    half_committed it(1, 1, {.messages = 1});
    CHECK(it.readable() == range(1, 1));
    auto const third = it.append();
    CHECK(it.commit({7, 2}));
    CHECK(it.readable() == range(2, 2));
    CHECK_FALSE(it.log.empty());
    CHECK(it.commit(third));
    CHECK(it.readable() == range(3, 3));
    CHECK(it.log.bytes() == it.each());
}
