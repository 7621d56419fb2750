// Reading a room's log: from every kind of cursor, forward and back, with exact gaps.
#include "room/logs.hpp"
#include "room/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

constexpr auto greatest = std::numeric_limits<std::uint64_t>::max();
constexpr cursor origin{};

gap evicted(std::uint64_t missed) {
    return {gap_reason::evicted, missed};
}
constexpr gap restarted{gap_reason::restarted, std::nullopt};

}  // namespace

TEST_CASE("reading continues after a cursor") {
    struct row {
        std::uint64_t last;
        std::size_t kept;
        cursor after;
        std::size_t limit;
        std::optional<gap> missed;
        std::uint64_t first;
        std::uint64_t to;  // less than first: no messages
        bool more;
    };
    row const rows[] = {
        // Nothing was ever published.
        {0, 5, origin, 100, {}, 1, 0, false},
        {0, 5, {7, 0}, 100, {}, 1, 0, false},
        {0, 5, {7, 1}, 100, restarted, 1, 0, false},
        {0, 5, {8, 0}, 100, restarted, 1, 0, false},
        // Everything is there.
        {5, 5, origin, 100, {}, 1, 5, false},
        {5, 5, {7, 0}, 100, {}, 1, 5, false},
        {5, 5, {7, 0}, 5, {}, 1, 5, false},
        {5, 5, {7, 0}, 4, {}, 1, 4, true},
        {5, 5, {7, 0}, 1, {}, 1, 1, true},
        {5, 5, {7, 3}, 1, {}, 4, 4, true},
        {5, 5, {7, 4}, 1, {}, 5, 5, false},
        {5, 5, {7, 5}, 1, {}, 6, 5, false},
        // Some were evicted.
        {9, 4, origin, 100, evicted(5), 6, 9, false},
        {9, 4, {7, 0}, 100, evicted(5), 6, 9, false},
        {9, 4, {7, 4}, 100, evicted(1), 6, 9, false},
        {9, 4, {7, 4}, 1, evicted(1), 6, 6, true},
        {9, 4, {7, 5}, 100, {}, 6, 9, false},
        {9, 4, {7, 6}, 100, {}, 7, 9, false},
        {9, 4, {7, 9}, 100, {}, 10, 9, false},
        // All were evicted.
        {9, 0, origin, 100, evicted(9), 10, 9, false},
        {9, 0, {7, 0}, 100, evicted(9), 10, 9, false},
        {9, 0, {7, 8}, 100, evicted(1), 10, 9, false},
        {9, 0, {7, 9}, 100, {}, 10, 9, false},
        {9, 0, {7, 10}, 100, restarted, 10, 9, false},
        // The room cannot have issued the cursor.
        {9, 4, {7, 10}, 100, restarted, 6, 9, false},
        {9, 4, {7, greatest}, 100, restarted, 6, 9, false},
        {9, 4, {8, 3}, 100, restarted, 6, 9, false},
        {9, 4, {8, 3}, 2, restarted, 6, 7, true},
        {9, 4, {greatest, greatest}, 100, restarted, 6, 9, false},
    };
    for (auto const& row : rows) {
        CAPTURE(row.last, row.kept, row.after, row.limit);
        filled_history const it(row.last, row.kept);
        auto const got = it.log.read(row.after, row.limit);
        CHECK(got.missed == row.missed);
        CHECK(numbers(got) == range(row.first, row.to));
        CHECK(got.next == cursor{7, row.to});
        CHECK(got.more == row.more);
        CHECK(got.empty() == (!row.missed && row.to < row.first));
    }
}

TEST_CASE("after a gap the next cursor continues without another") {
    filled_history const it(100, 10);
    for (cursor const after : {origin, cursor{7, 12}, cursor{8, 1}, cursor{7, 101}}) {
        CAPTURE(after);
        auto got = it.log.read(after, 3);
        CHECK(got.missed);
        std::size_t received = got.messages.size();
        while (got.more) {
            got = it.log.read(got.next, 3);
            CHECK_FALSE(got.missed);
            received += got.messages.size();
        }
        CHECK(received == 10);
        CHECK(it.log.read(got.next, 3).empty());
    }
}

TEST_CASE("paging back ends at the oldest message that is kept") {
    struct row {
        std::uint64_t last;
        std::size_t kept;
        std::optional<cursor> before;
        std::size_t limit;
        std::optional<gap> missed;
        std::uint64_t first;
        std::uint64_t to;
        bool more;
        std::uint64_t next = 0;  // if it differs from `to`
    };
    row const rows[] = {
        {0, 5, {}, 10, {}, 1, 0, false},
        {0, 5, cursor{}, 10, {}, 1, 0, false},
        {0, 5, cursor{7, 0}, 10, {}, 1, 0, false},
        {0, 5, cursor{7, 1}, 10, restarted, 1, 0, false},
        {5, 5, {}, 10, {}, 1, 5, false},
        {5, 5, {}, 5, {}, 1, 5, false},
        {5, 5, {}, 4, {}, 2, 5, true},
        {5, 5, cursor{7, 5}, 2, {}, 3, 4, true},
        {5, 5, cursor{7, 3}, 2, {}, 1, 2, false},
        {5, 5, cursor{7, 1}, 2, {}, 1, 0, false},
        {5, 5, cursor{7, 0}, 2, {}, 1, 0, false},
        {5, 5, cursor{}, 2, {}, 1, 0, false},
        {9, 4, {}, 10, {}, 6, 9, false},
        {9, 4, cursor{7, 8}, 10, {}, 6, 7, false},
        {9, 4, cursor{7, 6}, 10, {}, 6, 5, false},
        // All of the page is evicted: a reader that continues from there gets the gap.
        {9, 4, cursor{7, 5}, 10, {}, 6, 5, false, 4},
        {9, 4, cursor{7, 2}, 10, {}, 6, 5, false, 1},
        {9, 0, {}, 10, {}, 10, 9, false},
        {9, 4, cursor{7, 10}, 3, restarted, 7, 9, true},
        {9, 4, cursor{8, 7}, 10, restarted, 6, 9, false},
        {9, 4, cursor{7, greatest}, 10, restarted, 6, 9, false},
    };
    for (auto const& row : rows) {
        CAPTURE(row.last, row.kept, row.before, row.limit);
        filled_history const it(row.last, row.kept);
        auto const got = it.log.before(row.before, row.limit);
        CHECK(got.missed == row.missed);
        CHECK(numbers(got) == range(row.first, row.to));
        CHECK(got.next == cursor{7, row.next > 0 ? row.next : row.to});
        CHECK(got.more == row.more);
    }
}

TEST_CASE("the page before the origin is empty, and the room's beginning is next") {
    filled_history const it(9, 4);
    auto const got = it.log.before(origin, 10);
    CHECK(got.messages.empty());
    CHECK_FALSE(got.missed);
    CHECK_FALSE(got.more);
    CHECK(got.next == cursor{7, 0});
    CHECK(it.log.read(got.next, 1).missed == evicted(5));
}

TEST_CASE("a batch has a limit in bytes, but always contains a message") {
    memory_meter meter;
    history log(7);
    history_limits limits;
    limits.bytes = 100 * max_batch_bytes;
    auto const per_batch = max_batch_bytes / message::charge_of(text(std::string(1000, 'x')));
    for (std::size_t i = 0; i < 3 * per_batch; ++i)
        log.append(message::make(text(std::string(1000, 'x')), meter), 0, limits);
    auto const large = log.append(message::make(text(std::string(2 * max_batch_bytes, 'x')), meter), 0, limits).number;
    log.append(message::make(text("x"), meter), 0, limits);

    auto got = log.read({7, 0}, 1000);
    CHECK(numbers(got) == range(1, per_batch));
    CHECK(got.next == cursor{7, per_batch});
    CHECK(got.more);
    got = log.read({7, large - 2}, 1000);
    CHECK(numbers(got) == range(large - 1, large - 1));
    got = log.read(got.next, 1000);
    CHECK(numbers(got) == range(large, large));
    CHECK(got.more);
    got = log.read(got.next, 1000);
    CHECK(numbers(got) == range(large + 1, large + 1));
    CHECK_FALSE(got.more);

    got = log.before(std::nullopt, 1000);
    CHECK(numbers(got) == range(large + 1, large + 1));
    CHECK(got.more);
    got = log.before(got.messages.front()->id(), 1000);
    CHECK(numbers(got) == range(large, large));
    got = log.before(got.messages.front()->id(), 1000);
    CHECK(numbers(got) == range(large - per_batch, large - 1));
    CHECK(got.next == cursor{7, large - 1});
    CHECK(got.more);
}

TEST_CASE("paging back visits every message once") {
    filled_history const it(57, 40);
    auto page = it.log.before(std::nullopt, 7);
    CHECK(page.next == cursor{7, 57});
    std::vector<std::uint64_t> met;
    for (;;) {
        auto const part = numbers(page);
        met.insert(met.begin(), part.begin(), part.end());
        if (!page.more)
            break;
        page = it.log.before(page.messages.front()->id(), 7);
        CHECK_FALSE(page.missed);
    }
    CHECK(met == range(18, 57));
}

TEST_CASE("reasons have the names given in the protocol") {
    CHECK(to_string(gap_reason::evicted) == "evicted");
    CHECK(to_string(gap_reason::restarted) == "restarted");
    CHECK(to_string(gap_reason::deleted) == "deleted");
}
