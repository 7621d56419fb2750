// Wake-ups that are queued: several signals in a row resume whoever waits once, in a later turn of the loop.
#include "room/listeners.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

void take_turn(listener& who, one_shard& at) {
    at.changes->async_turn(at.home, at.changes, [&who](boost::system::error_code) { ++who.signalled; });
}

}  // namespace

TEST_CASE("queued signals resume in a later turn, and once") {
    one_shard it;
    std::vector<listener> crowd(1'000);
    for (auto& each : crowd)
        each.wait(it);
    bool from_within = false;
    asio::post(it.home.io(), [&] {
        for (int i = 0; i < 16; ++i)
            it.signal(wake_up::queued);
        from_within = std::ranges::any_of(crowd, [](listener const& each) { return each.signalled > 0; });
    });
    REQUIRE(it.run());
    CHECK_FALSE(from_within);
    CHECK(std::ranges::all_of(crowd, [](listener const& each) { return each.signalled == 1; }));
    CHECK(it.changes->waiting() == 0);
}

TEST_CASE("each of several queued signals counts those who have not been resumed") {
    one_shard it;
    std::vector<listener> crowd(1'000);
    for (auto& each : crowd)
        each.wait(it);
    CHECK(it.signal(wake_up::queued) == 1'000);
    CHECK(it.changes->waiting() == 0);
    CHECK(it.signal(wake_up::queued) == 1'000);
    listener late;
    late.wait(it);
    CHECK(it.signal(wake_up::queued) == 1'001);
    // A portion of them is resumed, and waits no more.
    CHECK(it.home.io().poll_one() == 1);
    auto const resumed = static_cast<std::size_t>(
        std::ranges::count_if(crowd, [](listener const& each) { return each.signalled == 1; }));
    CHECK(resumed > 0);
    CHECK(resumed < 1'000);
    CHECK(it.signal(wake_up::queued) == 1'001 - resumed);
    REQUIRE(it.run());
    CHECK(it.signal(wake_up::queued) == 0);
    CHECK(late.signalled == 1);
    CHECK(std::ranges::all_of(crowd, [](listener const& each) { return each.signalled == 1; }));
}

TEST_CASE("who is resumed and waits again is counted once, and woken by the next signal") {
    one_shard it;
    listener who;
    who.then = [&] {
        if (who.signalled < 100)
            who.wait(it);
    };
    who.wait(it);
    for (int round = 1; round <= 100; ++round) {
        CHECK(it.signal(wake_up::queued) == 1);
        CHECK(it.signal(wake_up::queued) == 1);
        REQUIRE(it.run());
        REQUIRE(who.signalled == round);
    }
    CHECK(it.signal(wake_up::queued) == 0);
}

TEST_CASE("a wait that a queued signal has woken can be cancelled, and counts no more") {
    one_shard it;
    std::vector<listener> crowd(10);
    for (auto& each : crowd)
        each.wait(it);
    it.signal(wake_up::queued);
    listener late;
    late.wait(it);
    for (std::size_t i = 0; i < crowd.size(); i += 2)
        crowd[i].hang_up();
    CHECK(it.changes->waiting() == 1);
    CHECK(it.signal(wake_up::queued) == 6);
    late.hang_up();
    CHECK(it.signal(wake_up::queued) == 5);
    REQUIRE(it.run());
    for (std::size_t i = 0; i < crowd.size(); ++i) {
        CAPTURE(i);
        CHECK(crowd[i].cancelled == (i % 2 == 0));
        CHECK(crowd[i].signalled == (i % 2 != 0));
    }
    CHECK(late.cancelled == 1);
    CHECK(it.changes->waiting() == 0);
    CHECK(it.signal(wake_up::queued) == 0);
}

TEST_CASE("when all of them are cancelled, the turn that was queued finds nobody, and the next signal is as any") {
    one_shard it;
    std::vector<listener> crowd(10);
    for (auto& each : crowd)
        each.wait(it);
    it.signal(wake_up::queued);
    for (auto& each : crowd)
        each.hang_up();
    CHECK(it.signal() == 0);
    listener late;
    late.wait(it);
    CHECK(it.signal() == 1);
    REQUIRE(it.run());
    CHECK(late.signalled == 1);
    CHECK(std::ranges::all_of(crowd, [](listener const& each) { return each.cancelled == 1; }));
    late.wait(it);
    CHECK(it.signal(wake_up::queued) == 1);
    REQUIRE(it.run());
    CHECK(late.signalled == 2);
}

TEST_CASE("turns are not counted, before those who were woken or behind them") {
    one_shard it;
    std::vector<listener> turns(2);
    std::vector<listener> crowd(3);
    take_turn(turns[0], it);
    for (auto& each : crowd)
        each.wait(it);
    CHECK(it.signal(wake_up::queued) == 3);
    take_turn(turns[1], it);
    CHECK(it.signal(wake_up::queued) == 3);
    REQUIRE(it.run());
    CHECK(it.signal(wake_up::queued) == 0);
    CHECK(std::ranges::all_of(turns, [](listener const& each) { return each.signalled == 1; }));
    CHECK(std::ranges::all_of(crowd, [](listener const& each) { return each.signalled == 1; }));
}

TEST_CASE("a signal in place behind a queued one resumes nobody sooner") {
    one_shard it;
    listener first;
    listener second;
    std::vector<int> order;
    first.then = [&] { order.push_back(1); };
    second.then = [&] { order.push_back(2); };
    first.wait(it);
    asio::post(it.home.io(), [&] {
        CHECK(it.signal(wake_up::queued) == 1);
        second.wait(it);
        CHECK(it.signal() == 2);
        CHECK(order.empty());
        CHECK(it.signal() == 2);
    });
    REQUIRE(it.run());
    CHECK(order == std::vector<int>{1, 2});
    CHECK(it.signal() == 0);
}

TEST_CASE("those whom a signal in place has left over are not counted, unlike those of a queued one behind it") {
    one_shard it;
    std::vector<listener> crowd(1'000);
    for (auto& each : crowd)
        each.wait(it);
    CHECK(it.signal() == 1'000);
    listener late;
    late.wait(it);
    CHECK(it.signal(wake_up::queued) == 1);
    CHECK(it.signal(wake_up::queued) == 1);
    REQUIRE(it.run());
    CHECK(late.signalled == 1);
    CHECK(it.signal(wake_up::queued) == 0);
    CHECK(std::ranges::all_of(crowd, [](listener const& each) { return each.signalled == 1; }));
}

TEST_CASE("waits that are queued when their shard and channel go are freed without a call") {
    auto const witness = std::make_shared<int>(0);
    {
        one_shard it;
        for (int i = 0; i < 10; ++i)
            it.changes->async_wait(it.home, it.changes->now(), [witness](boost::system::error_code) { ++*witness; });
        it.signal(wake_up::queued);
        it.changes.reset();
        CHECK(witness.use_count() == 11);
    }
    CHECK(witness.use_count() == 1);
    CHECK(*witness == 0);
}

TEST_CASE("a queued wake-up keeps its channel") {
    one_shard it;
    std::weak_ptr<channel> const watched = it.changes;
    listener who;
    who.wait(it);
    it.signal(wake_up::queued);
    it.changes.reset();
    CHECK_FALSE(watched.expired());
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
    CHECK(watched.expired());
}
