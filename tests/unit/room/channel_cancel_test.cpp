// Cancelling waits on a channel: before, at and after a signal; each completes once, with the right result.
#include "room/listeners.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>
#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

enum class ended { no, signalled, cancelled, thrown };

// Waits in a coroutine that was cancelled before, and records how that ended.
asio::awaitable<void, executor> wait_though_cancelled(one_shard& it, bool throwing, ended& how) {
    co_await asio::this_coro::throw_if_cancelled(throwing);
    co_await asio::post(it.home.get_executor(), asio::deferred);
    try {
        auto const result = co_await it.changes->async_wait(it.home, it.changes->now(), asio::as_tuple(asio::deferred));
        how = !std::get<0>(result) ? ended::signalled : ended::cancelled;
    } catch (boost::system::system_error const&) {
        how = ended::thrown;
    }
}

}  // namespace

TEST_CASE("a wait is cancelled before a signal") {
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total, asio::cancellation_type::all}) {
        one_shard it;
        listener who;
        listener other;
        who.wait(it);
        other.wait(it);
        who.hang_up(type);
        CHECK(it.changes->waiting() == 1);
        CHECK(who.cancelled == 0);  // posted, not called from within emit()
        REQUIRE(it.run());
        CHECK(who.cancelled == 1);
        CHECK(it.signal() == 1);
        REQUIRE(it.run());
        CHECK(who.signalled == 0);
        CHECK(who.cancelled == 1);
        CHECK(other.signalled == 1);
    }
}

TEST_CASE("a cancellation of type none has no effect") {
    one_shard it;
    listener who;
    who.wait(it);
    who.hang_up(asio::cancellation_type::none);
    CHECK(it.changes->waiting() == 1);
    it.signal();
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
}

TEST_CASE("a wait that has been signalled and not been resumed yet can be cancelled") {
    one_shard it;
    std::vector<listener> crowd(1000);
    for (auto& each : crowd)
        each.wait(it);
    CHECK(it.signal() == 1000);
    CHECK(it.changes->waiting() == 0);
    // All are on the list of waiters to be resumed; some are cancelled, and a new one arrives.
    listener late;
    late.wait(it);
    for (std::size_t i = 600; i < crowd.size(); i += 2)
        crowd[i].hang_up();
    CHECK(it.changes->waiting() == 1);  // signalled waiters were not counted any more
    REQUIRE(it.run());
    for (std::size_t i = 0; i < crowd.size(); ++i) {
        CAPTURE(i);
        REQUIRE(crowd[i].cancelled == (i >= 600 && i % 2 == 0));
        REQUIRE(crowd[i].signalled == 1 - crowd[i].cancelled);
    }
    CHECK(late.signalled == 0);
    CHECK(it.changes->waiting() == 1);
    CHECK(it.signal() == 1);
    REQUIRE(it.run());
    CHECK(late.signalled == 1);
}

TEST_CASE("a woken waiter may cancel those that are to be woken after it") {
    one_shard it;
    std::vector<listener> crowd(100);
    for (auto& each : crowd)
        each.wait(it);
    crowd.front().then = [&] {
        for (std::size_t i = 1; i < crowd.size(); ++i)
            crowd[i].hang_up();
    };
    it.signal();
    REQUIRE(it.run());
    int signalled = 0;
    for (auto const& each : crowd) {
        REQUIRE(each.signalled + each.cancelled == 1);
        signalled += each.signalled;
    }
    CHECK(signalled >= 1);
}

TEST_CASE("a cancellation after the completion has no effect") {
    one_shard it;
    listener who;
    SECTION("of a wait that was signalled") {
        who.wait(it);
        it.signal();
        REQUIRE(it.run());
        who.hang_up();
    }
    SECTION("of a wait that was signalled, from within its handler") {
        who.then = [&] { who.hang_up(); };
        who.wait(it);
        it.signal();
    }
    SECTION("of a wait that completed at once") {
        auto const seen = it.changes->now();
        it.signal();
        who.wait(it, seen);
        who.hang_up();
    }
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
    CHECK(who.cancelled == 0);
}

TEST_CASE("a second cancellation has no effect") {
    one_shard it;
    listener who;
    who.wait(it);
    who.hang_up();
    who.hang_up();
    REQUIRE(it.run());
    who.hang_up();
    REQUIRE(it.run());
    CHECK(who.cancelled == 1);
    CHECK(it.changes->waiting() == 0);
}

TEST_CASE("a cancelled waiter may wait again, from within its completion") {
    one_shard it;
    listener who;
    who.then = [&] {
        if (who.cancelled < 100)
            who.wait(it);
    };
    who.wait(it);
    for (int i = 1; i <= 99; ++i) {
        who.hang_up();
        REQUIRE(it.run());
        REQUIRE(who.cancelled == i);
        REQUIRE(it.changes->waiting() == 1);
    }
    it.signal();
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
}

TEST_CASE("each of ten thousand waiters can be cancelled") {
    one_shard it;
    std::vector<listener> crowd(10'000);
    for (auto& each : crowd)
        each.wait(it);
    // In an order that would require searching a list.
    for (std::size_t i = 0; i < crowd.size(); ++i)
        crowd[i * 7919 % crowd.size()].hang_up();
    CHECK(it.changes->waiting() == 0);
    CHECK(it.signal() == 0);
    REQUIRE(it.run());
    for (auto const& each : crowd)
        REQUIRE((each.cancelled == 1 && each.signalled == 0));
}

TEST_CASE("a wait that a coroutine starts after it was cancelled") {
    one_shard it;
    asio::cancellation_signal cancel;
    ended how = ended::no;
    auto const begin = [&](bool throwing) {
        auto const done = [](std::exception_ptr failure) {
            if (failure)
                std::rethrow_exception(failure);
        };
        asio::co_spawn(it.home.get_executor(), wait_though_cancelled(it, throwing, how),
                       asio::bind_cancellation_slot(cancel.slot(), done));
        // Up to the post; then the cancellation, which finds nothing to cancel.
        CHECK(it.home.io().poll_one() == 1);
        cancel.emit(asio::cancellation_type::terminal);
        REQUIRE(it.run());
    };
    SECTION("never starts if the coroutine throws") {
        begin(true);
        CHECK(how == ended::thrown);
        CHECK(it.changes->waiting() == 0);
    }
    SECTION("waits as usual if it does not throw, and can be cancelled again") {
        begin(false);
        CHECK(how == ended::no);
        REQUIRE(it.changes->waiting() == 1);
        cancel.emit(asio::cancellation_type::terminal);
        REQUIRE(it.run());
        CHECK(how == ended::cancelled);
        CHECK(it.changes->waiting() == 0);
    }
    SECTION("or can be woken") {
        begin(false);
        it.signal();
        REQUIRE(it.run());
        CHECK(how == ended::signalled);
    }
}
