// A room's log: consecutive numbers, and the limits by number, bytes and age.
#include "room/logs.hpp"
#include "room/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

constexpr std::int64_t noon = 1'790'000'000'000;

// The charge of a message with `size` bytes of text.
std::size_t charge(std::size_t size) {
    return message::charge_of(text(std::string(size, 'x')));
}

}  // namespace

TEST_CASE("messages are numbered from 1 without holes") {
    memory_meter meter;
    history log(7);
    CHECK(log.empty());
    CHECK(log.first() == 1);
    CHECK(log.last() == 0);
    CHECK(log.end() == cursor{7, 0});
    history_limits limits;
    limits.messages = 3;
    for (std::uint64_t i = 1; i <= 10; ++i) {
        auto const added = message::make(draft{content::text, "hello", "ann"}, meter);
        CHECK(log.append(added, noon + static_cast<std::int64_t>(i), limits) == cursor{7, i});
        CHECK(added->id() == cursor{7, i});
        CHECK(added->time() == noon + static_cast<std::int64_t>(i));
        CHECK(added->data() == "hello");
        CHECK(added->from() == "ann");
        CHECK(log.end() == cursor{7, i});
        CHECK(log.last() == i);
        CHECK(log.size() == std::min<std::size_t>(i, 3));
        CHECK(log.first() == i + 1 - log.size());
    }
}

TEST_CASE("the number of messages is limited") {
    for (std::size_t const most : {0U, 1U, 2U, 3U, 4U, 5U, 100U, 1000U}) {
        CAPTURE(most);
        memory_meter meter;
        history log(7);
        history_limits limits;
        limits.messages = most;
        for (std::size_t i = 1; i <= 2100; ++i) {
            log.append(message::make(text("x"), meter), noon, limits);
            REQUIRE(log.size() == std::min(i, std::max<std::size_t>(most, 1)));
            REQUIRE(log.bytes() == log.size() * charge(1));
            REQUIRE(meter.used() == log.bytes());
        }
    }
}

TEST_CASE("the number of bytes is limited, but the newest message is always kept") {
    memory_meter meter;
    history log(7);
    history_limits limits;
    limits.bytes = 3 * charge(100);
    struct row {
        std::size_t size;
        std::size_t kept;
    };
    static constexpr row rows[] = {
        {100, 1}, {100, 2}, {100, 3}, {100, 3}, {101, 2}, {99, 3}, {100, 3}, {5000, 1}, {1, 1}, {1, 2},
    };
    for (auto const& [size, kept] : rows) {
        CAPTURE(size, kept, log.last());
        log.append(message::make(text(std::string(size, 'x')), meter), noon, limits);
        CHECK(log.size() == kept);
        CHECK((log.bytes() <= limits.bytes || log.size() == 1));
        CHECK(meter.used() == log.bytes());
    }
}

TEST_CASE("messages are kept until they reach the maximum age") {
    memory_meter meter;
    history log(7);
    history_limits limits;
    limits.age = milliseconds(100);
    for (std::int64_t const at : {0, 10, 10, 50})
        log.append(message::make(text("x"), meter), noon + at, limits);
    struct row {
        std::int64_t now;
        std::uint64_t first;
    };
    static constexpr row rows[] = {{99, 1}, {100, 2}, {109, 2}, {110, 4}, {149, 4}, {150, 5}, {1000, 5}};
    for (auto const& [now, first] : rows) {
        CAPTURE(now);
        log.expire(noon + now, limits.age);
        CHECK(log.first() == first);
    }
    CHECK(log.empty());
    CHECK(log.bytes() == 0);
    CHECK(meter.used() == 0);
    CHECK(log.end() == cursor{7, 4});
}

TEST_CASE("an append evicts messages that are too old") {
    memory_meter meter;
    history log(7);
    history_limits limits;
    limits.age = milliseconds(100);
    log.append(message::make(text("x"), meter), noon, limits);
    log.append(message::make(text("x"), meter), noon + 60, limits);
    log.append(message::make(text("x"), meter), noon + 120, limits);
    CHECK(log.first() == 2);
    log.append(message::make(text("x"), meter), noon + 1000, limits);
    CHECK(log.first() == 4);
}

TEST_CASE("a clock that jumps back keeps messages longer, never shorter") {
    memory_meter meter;
    history log(7);
    history_limits limits;
    limits.age = milliseconds(100);
    log.append(message::make(text("x"), meter), noon, limits);
    log.append(message::make(text("x"), meter), noon - 5000, limits);
    log.expire(noon - 4000, limits.age);
    CHECK(log.size() == 2);
    log.expire(noon + 99, limits.age);
    CHECK(log.size() == 2);
    log.expire(noon + 100, limits.age);
    CHECK(log.empty());
}

TEST_CASE("the age is that of the steady clock, however the wall clock jumps") {
    struct entry {
        std::int64_t wall;
        std::int64_t steady;
    };
    constexpr std::int64_t day = 24 * 60 * 60 * 1000;
    struct row {
        char const* name;
        std::array<entry, 4> appended;
    };
    static constexpr row rows[] = {
        {"not at all", {{{0, 0}, {10, 10}, {20, 20}, {30, 30}}}},
        {"ahead and back", {{{0, 0}, {day, 10}, {20, 20}, {30, 30}}}},
        {"ahead, and back later", {{{0, 0}, {day, 10}, {day + 10, 20}, {30, 30}}}},
        {"ahead for good", {{{0, 0}, {10, 10}, {day, 20}, {day + 10, 30}}}},
        {"back for good", {{{0, 0}, {10, 10}, {-day, 20}, {-day + 10, 30}}}},
        {"back and ahead", {{{0, 0}, {-day, 10}, {20, 20}, {30, 30}}}},
        {"ahead from the beginning", {{{day, 0}, {10, 10}, {20, 20}, {30, 30}}}},
    };
    static constexpr std::int64_t start = 5'000;
    for (auto const& [name, appended] : rows) {
        CAPTURE(name);
        memory_meter meter;
        history log(7);
        history_limits limits;
        limits.age = milliseconds(100);
        for (auto const& [wall, steady] : appended)
            log.append(message::make(text("x"), meter), {noon + wall, start + steady}, limits);
        CHECK(log.read({7, 1}, 1).messages.front()->time() == noon + appended[1].wall);
        for (std::int64_t now = 99; now < 140; ++now) {
            log.expire(start + now, limits.age);
            CHECK(log.size() == static_cast<std::size_t>(std::clamp<std::int64_t>((139 - now) / 10, 0, 4)));
        }
    }
}

TEST_CASE("evict() frees at least the number of bytes asked for, oldest first") {
    struct row {
        std::size_t bytes;
        std::size_t gone;
    };
    row const rows[] = {
        {0, 0}, {1, 1}, {charge(1), 1}, {charge(1) + 1, 2}, {10 * charge(1), 10}, {1'000'000, 10},
    };
    for (auto const& [bytes, gone] : rows) {
        CAPTURE(bytes);
        filled_history it(20, 10);
        CHECK(it.log.evict(bytes) == gone * charge(1));
        CHECK(it.log.first() == 11 + gone);
        CHECK(it.log.bytes() == it.meter.used());
        CHECK(it.log.last() == 20);
    }
}

TEST_CASE("a message lives as long as it is referenced") {
    filled_history it(3, 3);
    auto const held = it.log.read({7, 0}, 1);
    it.log.evict(1'000'000);
    CHECK(it.log.bytes() == 0);
    CHECK(held.messages.front()->data() == "1");
    CHECK(it.meter.used() == charge(1));
}
