// A channel's turns: work that could be done immediately, but is done in portions so that it does not delay others.
#include "room/listeners.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

void take_turn(listener& who, one_shard& at) {
    at.changes->async_turn(at.home, at.changes,
                           asio::bind_cancellation_slot(who.cancel.slot(), [&who](boost::system::error_code how) {
                               ++(!how ? who.signalled : who.cancelled);
                               if (who.then)
                                   who.then();
                           }));
}

std::size_t done(std::vector<listener> const& of) {
    return static_cast<std::size_t>(
        std::ranges::count_if(of, [](listener const& one) { return one.signalled + one.cancelled == 1; }));
}

}  // namespace

TEST_CASE("a turn comes without a signal, but not from within") {
    one_shard it;
    listener who;
    take_turn(who, it);
    CHECK(who.signalled == 0);
    CHECK(it.changes->waiting() == 0);
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
    CHECK(who.cancelled == 0);
}

TEST_CASE("turns are taken in portions between which the loop runs, each once") {
    one_shard it;
    std::vector<listener> crowd(1'000);
    for (auto& one : crowd)
        take_turn(one, it);
    CHECK(it.home.io().poll_one() == 1);
    auto const first = done(crowd);
    CHECK(first > 0);
    CHECK(first < 300);
    REQUIRE(it.run());
    CHECK(done(crowd) == crowd.size());
    CHECK(std::ranges::none_of(crowd, [](listener const& one) { return one.cancelled > 0; }));
}

TEST_CASE("a wake-up elsewhere is delayed by one portion, not by all turns") {
    one_shard it;
    auto const other = std::make_shared<channel>(it.shards);
    std::vector<listener> crowd(10'000);
    for (auto& one : crowd)
        take_turn(one, it);
    std::size_t before = 0;
    other->async_wait(it.home, other->now(), [&](boost::system::error_code) { before = done(crowd); });
    other->signal(it.home, other);
    REQUIRE(it.run());
    CHECK(before > 0);
    CHECK(before < 300);
    CHECK(done(crowd) == crowd.size());
}

TEST_CASE("turns come after the waiters that are being woken") {
    one_shard it;
    std::vector<listener> waiting(1'000);
    for (auto& one : waiting)
        one.wait(it);
    it.signal();
    listener late;
    std::size_t before = 0;
    late.then = [&] { before = done(waiting); };
    take_turn(late, it);
    REQUIRE(it.run());
    CHECK(late.signalled == 1);
    CHECK(before == waiting.size());
}

TEST_CASE("a cancelled turn leaves the other turns in place") {
    one_shard it;
    std::vector<listener> crowd(500);
    for (auto& one : crowd)
        take_turn(one, it);
    crowd[0].hang_up();
    crowd[250].hang_up();
    crowd[499].hang_up();
    REQUIRE(it.run());
    CHECK(done(crowd) == crowd.size());
    CHECK(std::ranges::count_if(crowd, [](listener const& one) { return one.cancelled == 1; }) == 3);
    // None of them counts as waiting.
    CHECK(it.changes->waiting() == 0);
    listener next;
    next.wait(it);
    CHECK(it.signal() == 1);
}

TEST_CASE("turns that are never taken are freed with the shard") {
    std::vector<listener> crowd(100);
    one_shard it;
    for (auto& one : crowd)
        take_turn(one, it);
    CHECK(done(crowd) == 0);
}
