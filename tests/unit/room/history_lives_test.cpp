// The lives of a room: a cursor of one that ended by deletion gets a gap with exactly the number of messages missed
// since.
#include "room/logs.hpp"
#include "room/print.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct written_history {
    void write(int count) {
        for (int i = 0; i < count; ++i)
            log.append(message::make(text("x"), meter), 0, limits);
    }

    history_limits limits{.messages = 4};
    memory_meter meter;
    history log{7};
};

gap deleted(std::uint64_t missed) {
    return {gap_reason::deleted, missed};
}
constexpr gap restarted{gap_reason::restarted, std::nullopt};

}  // namespace

TEST_CASE("a deletion leaves no messages, and numbers start from 1 again in a new epoch") {
    written_history it;
    it.write(3);
    it.log.restart(8);
    CHECK(it.log.empty());
    CHECK(it.log.bytes() == 0);
    CHECK(it.meter.used() == 0);
    CHECK(it.log.end() == cursor{8, 0});
    CHECK(it.log.first() == 1);
    it.write(1);
    CHECK(it.log.end() == cursor{8, 1});
    CHECK(numbers(it.log.read({8, 0}, 10)) == range(1, 1));
    CHECK_FALSE(it.log.read({8, 0}, 10).missed);
}

TEST_CASE("a cursor of a deleted life has missed the rest of it and what was evicted of this one") {
    written_history it;
    it.write(3);
    it.log.restart(8);
    struct row {
        std::uint64_t number;
        std::uint64_t missed;
    };
    static constexpr row rows[] = {{0, 3}, {1, 2}, {2, 1}, {3, 0}};
    for (auto const& [number, missed] : rows) {
        CAPTURE(number);
        auto const got = it.log.read({7, number}, 10);
        CHECK(got.missed == deleted(missed));
        CHECK(got.messages.empty());
        CHECK(got.next == cursor{8, 0});
        CHECK_FALSE(got.empty());
        CHECK(it.log.before(cursor{7, number}, 10).missed == deleted(missed));
    }
    // A number that the life never reached cannot have been issued.
    CHECK(it.log.read({7, 4}, 10).missed == restarted);
    it.write(6);  // of which 4 are kept
    auto const got = it.log.read({7, 1}, 10);
    CHECK(got.missed == deleted(2 + 2));
    CHECK(numbers(got) == range(3, 6));
    CHECK(got.next == cursor{8, 6});
}

TEST_CASE("over several deletions, everything that was published in between is counted") {
    written_history it;
    std::uint64_t published = 0;
    for (std::uint64_t epoch = 8; epoch < 14; ++epoch) {
        auto const count = static_cast<int>(epoch - 5);
        it.write(count);
        published += static_cast<std::uint64_t>(count);
        it.log.restart(epoch);
    }
    it.write(5);  // one of which is evicted
    // The lives 7 to 12 had 3 to 8 messages, life 13 has 5.
    CHECK(it.log.read({7, 0}, 10).missed == deleted(published + 1));
    CHECK(it.log.read({7, 3}, 10).missed == deleted(published - 3 + 1));
    CHECK(it.log.read({12, 0}, 10).missed == deleted(8 + 1));
    CHECK(it.log.read({12, 8}, 10).missed == deleted(1));
    CHECK(it.log.read({11, 7}, 10).missed == deleted(8 + 1));
    CHECK(it.log.read({11, 8}, 10).missed == restarted);
    CHECK(numbers(it.log.read({7, 0}, 10)) == range(2, 5));
}

TEST_CASE("only the last lives are remembered, and the gap of older ones is unknown") {
    written_history it;
    for (std::uint64_t epoch = 8; epoch < 18; ++epoch) {
        it.write(1);
        it.log.restart(epoch);
    }
    CHECK(it.log.read({7, 0}, 10).missed == restarted);
    CHECK(it.log.read({8, 0}, 10).missed == restarted);
    CHECK(it.log.read({9, 0}, 10).missed == deleted(8));
    CHECK(it.log.read({16, 1}, 10).missed == deleted(0));
}

TEST_CASE("the origin is the beginning of this life") {
    written_history it;
    it.write(3);
    it.log.restart(8);
    CHECK(it.log.read({}, 10).empty());
    it.write(5);
    CHECK(it.log.read({}, 10).missed == gap{gap_reason::evicted, 1});
    CHECK(it.log.read({8, 0}, 10).missed == gap{gap_reason::evicted, 1});
}
