// The deadline wheel with simulated time: deadlines are never early and at most its granularity late, however they
// move.
#include <anteroom/base/deadline_wheel.hpp>

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <memory>
#include <random>
#include <vector>

using namespace anteroom;

namespace {

constexpr std::int64_t start = 1'000'003;
constexpr std::int64_t granularity = deadline_wheel::granularity;

struct bell final : deadline {
    std::function<void()> then;
    int rung = 0;

    void expire() override {
        ++rung;
        if (then)
            then();
    }
};

// Advances time in steps and returns when a bell rang; -1 if it did not ring until `end`.
std::int64_t when_rung(deadline_wheel& wheel, bell const& watched, std::int64_t from, std::int64_t end,
                       std::int64_t step = 1) {
    auto const before = watched.rung;
    for (std::int64_t now = from; now <= end; now += step) {
        wheel.advance(now);
        if (watched.rung > before)
            return now;
    }
    return -1;
}

}  // namespace

TEST_CASE("a deadline expires once, never early and at most a little late") {
    for (std::int64_t const delay : {std::int64_t{0}, std::int64_t{1}, granularity - 1, granularity, granularity + 1,
                                     std::int64_t{1000}, 1023 * granularity, 1024 * granularity, 1025 * granularity,
                                     std::int64_t{120'000}, std::int64_t{90'000'000}}) {
        CAPTURE(delay);
        deadline_wheel wheel(start);
        bell one;
        wheel.set(one, start + delay);
        CHECK(one.due() == start + delay);
        // Distant deadlines are approached in large steps that land just before the due time.
        wheel.advance(start + delay - 1);
        REQUIRE(one.rung == 0);
        auto const rang = when_rung(wheel, one, start + delay, start + delay + 2 * granularity);
        CHECK(rang > start + delay - 1);
        CHECK(rang <= start + delay + granularity);
        CHECK(one.due() == 0);
        wheel.advance(rang + 3 * 1024 * granularity);
        CHECK(one.rung == 1);
    }
}

TEST_CASE("a deadline that is moved expires at the time set last") {
    struct row {
        std::int64_t first;
        std::int64_t then;
    };
    static constexpr row rows[] = {
        {100, 5000}, {5000, 100}, {100, 100}, {100, 101}, {40'000, 10}, {10, 40'000}, {70'000, 69'000}, {100, -50},
    };
    for (auto const& [first, then] : rows) {
        CAPTURE(first, then);
        deadline_wheel wheel(start);
        bell one;
        wheel.set(one, start + first);
        wheel.advance(start + 5);
        wheel.set(one, start + then);
        auto const rang = when_rung(wheel, one, start + 6, start + 80'000);
        auto const due = start + std::max<std::int64_t>(then, 6);
        CHECK(rang >= due);
        CHECK(rang <= due + 2 * granularity * (then < 0) + granularity);
        CHECK(one.rung == 1);
    }
}

TEST_CASE("a deadline that is postponed again and again never expires") {
    deadline_wheel wheel(start);
    bell poll;
    for (std::int64_t now = start; now < start + 200'000; now += 700) {
        wheel.set(poll, now + 1000);
        wheel.advance(now + 699);
        REQUIRE(poll.rung == 0);
    }
}

TEST_CASE("a cleared deadline does not expire, and may be set again") {
    deadline_wheel wheel(start);
    bell one;
    deadline_wheel::clear(one);
    wheel.set(one, start + 100);
    deadline_wheel::clear(one);
    CHECK(one.due() == 0);
    wheel.set(one, start + 9000);
    deadline_wheel::clear(one);
    wheel.advance(start + 20'000);
    CHECK(one.rung == 0);
    wheel.set(one, start + 20'100);
    wheel.advance(start + 20'100 + granularity);
    CHECK(one.rung == 1);
}

TEST_CASE("a destroyed deadline is removed from the wheel") {
    deadline_wheel wheel(start);
    bell stays;
    wheel.set(stays, start + 100);
    {
        bell goes;
        wheel.set(goes, start + 100);
    }
    wheel.advance(start + 200);
    CHECK(stays.rung == 1);
    CHECK_FALSE(wheel.next());
}

TEST_CASE("after a long pause everything that is due expires, and nothing else") {
    deadline_wheel wheel(start);
    std::vector<bell> past(3000);
    std::vector<bell> future(3000);
    auto const stop = start + 10'000'000;
    for (std::size_t i = 0; i < past.size(); ++i) {
        wheel.set(past[i], start + static_cast<std::int64_t>(i) * 3000);
        wheel.set(future[i], stop + 1 + static_cast<std::int64_t>(i) * 17);
    }
    wheel.advance(stop);
    for (std::size_t i = 0; i < past.size(); ++i) {
        bool const due = start + static_cast<std::int64_t>(i) * 3000 <= stop - granularity;
        REQUIRE((past[i].rung == 1) == due);
        REQUIRE(future[i].rung == 0);
    }
}

TEST_CASE("expire() may set its own deadline, and set, clear and destroy others") {
    deadline_wheel wheel(start);
    SECTION("its own, periodically") {
        bell beat;
        std::int64_t due = start + 100;
        beat.then = [&] { wheel.set(beat, due += 100); };
        wheel.set(beat, due);
        for (std::int64_t now = start; now <= start + 10'000 + granularity; ++now)
            wheel.advance(now);
        CHECK(beat.rung == 100);
    }
    SECTION("its own, in the past: once per tick, without an endless loop") {
        bell beat;
        beat.then = [&] { wheel.set(beat, start); };
        wheel.set(beat, start);
        wheel.advance(start + granularity);
        CHECK(beat.rung <= 2);
        wheel.advance(start + 10 * granularity);
        CHECK(beat.rung >= 9);
        CHECK(beat.rung <= 11);
    }
    SECTION("others that are due at the same time") {
        bell first;
        bell put_off;
        bell cleared;
        auto destroyed = std::make_unique<bell>();
        bell last;
        first.then = [&] {
            wheel.set(put_off, start + 5000);
            deadline_wheel::clear(cleared);
            destroyed.reset();
        };
        for (deadline* each : std::initializer_list<deadline*>{&first, &put_off, &cleared, destroyed.get(), &last})
            wheel.set(*each, start + 100);
        wheel.advance(start + 200);
        CHECK(first.rung == 1);
        CHECK(put_off.rung == 0);
        CHECK(cleared.rung == 0);
        CHECK(last.rung == 1);
        wheel.advance(start + 4999);
        CHECK(put_off.rung == 0);
        wheel.advance(start + 5000 + granularity);
        CHECK(put_off.rung == 1);
    }
}

TEST_CASE("next() is never later than the next expiry") {
    deadline_wheel wheel(start);
    CHECK_FALSE(wheel.next());
    bell one;
    wheel.set(one, start + 50'000);
    std::int64_t turns = 0;
    while (one.rung == 0 && turns < 10) {
        auto const at = wheel.next();
        REQUIRE(at);
        REQUIRE(*at <= start + 50'000 + granularity);
        wheel.advance(*at);
        ++turns;
    }
    CHECK(one.rung == 1);
    CHECK(turns <= 3);
    CHECK_FALSE(wheel.next());
}

TEST_CASE("a thousand deadlines that move at random all expire on time") {
    std::mt19937 random(20);
    deadline_wheel wheel(start);
    std::vector<bell> all(1000);
    std::vector<std::int64_t> rang(all.size(), 0);
    std::int64_t now = start;
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].then = [&, i] { rang[i] = now; };
    std::size_t early = 0;
    std::size_t late = 0;
    for (int round = 0; round < 5000; ++round) {
        auto const which = random() % all.size();
        switch (random() % 8) {
            case 0:
                deadline_wheel::clear(all[which]);
                break;
            case 1:
                wheel.set(all[which], now + 1 + static_cast<std::int64_t>(random() % 100'000));
                break;
            default:
                wheel.set(all[which], now + 1 + static_cast<std::int64_t>(random() % 2000));
        }
        std::vector<std::int64_t> due;
        for (auto const& each : all)
            due.push_back(each.due());
        now += static_cast<std::int64_t>(random() % 40);
        wheel.advance(now);
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (due[i] != 0 && all[i].due() == 0)
                early += rang[i] < due[i];
            else if (due[i] != 0)
                late += now >= due[i] + granularity;
        }
    }
    CHECK(early == 0);
    CHECK(late == 0);
}

TEST_CASE("deadlines that are due at once expire in as many portions as one likes") {
    deadline_wheel wheel(start);
    std::vector<bell> all(10);
    int rung = 0;
    for (auto& each : all) {
        each.then = [&] { ++rung; };
        wheel.set(each, start + 100);
    }
    auto const now = start + 100 + granularity;
    CHECK(wheel.advance(now, 4));
    CHECK(rung == 4);
    // In between, those that are left may be moved and cleared, and others set.
    wheel.set(all[5], start + 10'000);
    deadline_wheel::clear(all[6]);
    wheel.set(all[0], now);
    REQUIRE(wheel.next());
    CHECK(*wheel.next() <= now);
    CHECK(wheel.advance(now, 4));
    CHECK(rung == 6);
    CHECK_FALSE(wheel.advance(now));
    CHECK(rung == 8);
    wheel.advance(now + 2 * granularity);
    CHECK(all[0].rung == 2);
    CHECK(all[5].rung == 0);
    CHECK(all[6].rung == 0);
    wheel.advance(start + 10'000 + granularity);
    CHECK(all[5].rung == 1);
}
