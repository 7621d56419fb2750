// The channel on one shard: a signal wakes all waiters, once each, a portion at a time.
#include "room/listeners.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("a signal wakes waiters") {
    one_shard it;
    listener who;
    who.wait(it);
    REQUIRE(it.run());
    CHECK(who.signalled == 0);
    CHECK(it.changes->waiting() == 1);
    CHECK(it.signal() == 1);
    CHECK(it.changes->waiting() == 0);
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
    CHECK(who.cancelled == 0);
}

TEST_CASE("a signal wakes waiters on its own thread in place") {
    one_shard it;
    listener who;
    who.wait(it);
    bool at_once = false;
    asio::post(it.home.io(), [&] {
        it.signal();
        at_once = who.signalled == 1;
    });
    REQUIRE(it.run());
    CHECK(at_once);
}

TEST_CASE("a signal without waiters wakes none") {
    one_shard it;
    CHECK(it.signal() == 0);
    listener who;
    who.wait(it);
    REQUIRE(it.run());
    CHECK(who.signalled == 0);
    it.signal();
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
    CHECK(it.signal() == 0);
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
}

TEST_CASE("a ticket from before a signal completes at once, but not from within") {
    one_shard it;
    auto const seen = it.changes->now();
    it.signal();
    CHECK(it.changes->now() != seen);
    listener who;
    who.wait(it, seen);
    CHECK(who.signalled == 0);
    CHECK(it.changes->waiting() == 0);
    REQUIRE(it.run());
    CHECK(who.signalled == 1);

    // On the thread of the shard too, where a handler could be called in place.
    listener other;
    bool from_within = true;
    asio::post(it.home.io(), [&] {
        other.wait(it, seen);
        from_within = other.signalled > 0;
    });
    REQUIRE(it.run());
    CHECK_FALSE(from_within);
    CHECK(other.signalled == 1);
}

TEST_CASE("ten thousand waiters are each woken once") {
    one_shard it;
    std::vector<listener> crowd(10'000);
    for (auto& each : crowd)
        each.wait(it);
    CHECK(it.changes->waiting() == crowd.size());
    for (int round = 1; round <= 3; ++round) {
        CHECK(it.signal() == crowd.size());
        CHECK(it.changes->waiting() == 0);
        CHECK(it.signal() == 0);
        REQUIRE(it.run());
        std::size_t wrong = 0;
        for (auto& each : crowd) {
            wrong += each.signalled != round || each.cancelled != 0;
            each.wait(it);
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("waking a crowd lets the loop run, and other rooms take turns") {
    one_shard big;
    auto const small = std::make_shared<channel>(big.shards);
    std::vector<listener> crowd(10'000);
    std::size_t woken = 0;
    for (auto& each : crowd) {
        each.then = [&] { ++woken; };
        each.wait(big);
    }
    std::size_t woken_then = 0;
    small->async_wait(big.home, small->now(), [&](boost::system::error_code) { woken_then = woken; });
    std::size_t woken_at_turn = 0;
    asio::post(big.home.io(), [&] {
        big.signal();
        small->signal(big.home, small);
        asio::post(big.home.io(), [&] { woken_at_turn = woken; });
    });
    REQUIRE(big.run());
    CHECK(woken == 10'000);
    CHECK(woken_then > 0);
    CHECK(woken_then < 2000);
    CHECK(woken_at_turn < 2000);
}

TEST_CASE("a waiter that arrives while a crowd is being woken is not woken with it") {
    one_shard it;
    std::vector<listener> crowd(1000);
    listener late;
    for (auto& each : crowd)
        each.wait(it);
    it.signal();
    late.wait(it);
    CHECK(it.changes->waiting() == 1);
    REQUIRE(it.run());
    CHECK(late.signalled == 0);
    CHECK(it.signal() == 1);
    REQUIRE(it.run());
    CHECK(late.signalled == 1);
    for (auto const& each : crowd)
        REQUIRE(each.signalled == 1);
}

TEST_CASE("a signal while a crowd is being woken reaches the waiters that have arrived since") {
    one_shard it;
    std::vector<listener> crowd(1000);
    for (auto& each : crowd) {
        // Like a poll: a woken waiter reads, and waits again immediately.
        each.then = [&] {
            if (each.signalled < 3)
                each.wait(it);
        };
        each.wait(it);
    }
    it.signal();
    CHECK(it.home.io().poll_one() == 1);
    auto const again = it.changes->waiting();
    CHECK(it.signal() == again);
    REQUIRE(it.run());
    it.signal();
    REQUIRE(it.run());
    it.signal();
    REQUIRE(it.run());
    for (auto const& each : crowd)
        REQUIRE(each.signalled == 3);
}

TEST_CASE("a waiter that waits again from within its completion gets the next signal, not the same one") {
    one_shard it;
    listener who;
    who.then = [&] { who.wait(it); };
    who.wait(it);
    for (int round = 1; round <= 1000; ++round) {
        CHECK(it.signal() == 1);
        REQUIRE(it.run(10));
        REQUIRE(who.signalled == round);
        REQUIRE(it.changes->waiting() == 1);
    }
    who.then = nullptr;
    it.signal();
    REQUIRE(it.run());
}

TEST_CASE("a signal from within a completion does not block the shard") {
    one_shard it;
    listener who;
    constexpr int rounds = 200'000;
    who.then = [&] {
        if (who.signalled < rounds) {
            who.wait(it);
            it.signal();
        }
    };
    who.wait(it);
    // A handler that is posted again and again stands for the sockets of a shard.
    int turns = 0;
    int longest = 0;
    int last = 0;
    std::function<void()> const turn = [&] {
        ++turns;
        longest = std::max(longest, who.signalled - std::exchange(last, who.signalled));
        if (who.signalled < rounds)
            asio::post(it.home.io(), turn);
    };
    asio::post(it.home.io(), [&] {
        it.signal();
        turn();
    });
    REQUIRE(it.run());
    CHECK(who.signalled == rounds);
    CHECK(longest <= 2000);
}

TEST_CASE("the loop does not end while there are waiters") {
    one_shard it;
    listener who;
    who.wait(it);
    REQUIRE(it.run());
    CHECK_FALSE(it.home.io().stopped());
    it.signal();
    REQUIRE(it.run());
    CHECK(it.home.io().stopped());
}

TEST_CASE("destroying a channel destroys its waiters' handlers without calling them") {
    auto const witness = std::make_shared<int>(0);
    one_shard it;
    for (int i = 0; i < 10; ++i)
        it.changes->async_wait(it.home, it.changes->now(), [witness](boost::system::error_code) { ++*witness; });
    CHECK(witness.use_count() == 11);
    it.changes.reset();
    CHECK(witness.use_count() == 1);
    REQUIRE(it.run());
    CHECK(*witness == 0);
    CHECK(it.home.io().stopped());
}

TEST_CASE("a channel lives until all its waiters are woken, even if nothing else owns it") {
    one_shard it;
    std::weak_ptr<channel> const watched = it.changes;
    std::vector<listener> crowd(1000);
    for (auto& each : crowd)
        each.wait(it);
    it.signal();
    it.changes.reset();
    CHECK_FALSE(watched.expired());
    REQUIRE(it.run());
    for (auto const& each : crowd)
        REQUIRE(each.signalled == 1);
    CHECK(watched.expired());
}

TEST_CASE("destroying a shard destroys the waiters that were about to be woken") {
    auto const witness = std::make_shared<int>(0);
    {
        one_shard it;
        for (int i = 0; i < 1000; ++i)
            it.changes->async_wait(it.home, it.changes->now(), [witness](boost::system::error_code) { ++*witness; });
        it.signal();
        it.changes->async_wait(it.home, it.changes->now(), [witness](boost::system::error_code) { ++*witness; });
        CHECK(witness.use_count() > 1);
    }
    CHECK(witness.use_count() == 1);
    CHECK(*witness == 0);
}
