// Waiting on several channels at once: the first signal of any of them ends the wait, exactly once, whatever else
// happens meanwhile.
#include "loop.hpp"
#include <anteroom/room/channel.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <functional>
#include <memory>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

// Some channels, and waiters on all of them.
struct channels {
    explicit channels(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(std::make_shared<channel>(shards));
    }

    std::vector<channel::awaited> tickets() const {
        std::vector<channel::awaited> out;
        for (auto const& each : all)
            out.push_back({each.get(), each->now()});
        return out;
    }
    std::size_t signal(std::size_t which, shard& from) { return all[which]->signal(from, all[which]); }
    std::size_t signal(std::size_t which) { return signal(which, home); }
    std::vector<std::size_t> waiting() const {
        std::vector<std::size_t> out;
        for (auto const& each : all)
            out.push_back(each->waiting());
        return out;
    }

    shard home{0};
    shard other{1};
    std::array<shard*, 2> shards{&home, &other};
    std::vector<std::shared_ptr<channel>> all;
};

struct listener {
    void wait(channels& at, std::vector<channel::awaited> const& on) {
        channel::async_wait_any(at.home, on,
                                asio::bind_cancellation_slot(cancel.slot(), [this](boost::system::error_code how) {
                                    ++(!how ? signalled : cancelled);
                                    if (then)
                                        then();
                                }));
    }
    void wait(channels& at) { wait(at, at.tickets()); }
    void hang_up() { cancel.emit(asio::cancellation_type::terminal); }

    int signalled = 0;
    int cancelled = 0;
    asio::cancellation_signal cancel;
    std::function<void()> then;
};

using counts = std::vector<std::size_t>;

}  // namespace

TEST_CASE("the first of several signals ends the wait on all channels") {
    for (std::size_t which = 0; which < 3; ++which) {
        CAPTURE(which);
        channels it(3);
        listener who;
        who.wait(it);
        REQUIRE(run_ready(it.home));
        CHECK(it.waiting() == counts{1, 1, 1});
        CHECK(it.signal(which) == 1);
        REQUIRE(run_ready(it.home));
        CHECK(who.signalled == 1);
        CHECK(it.waiting() == counts{0, 0, 0});
        for (std::size_t i = 0; i < 3; ++i)
            CHECK(it.signal(i) == 0);
        REQUIRE(run_ready(it.home));
        CHECK(who.signalled == 1);
    }
}

TEST_CASE("a signal between taking the tickets and waiting ends the wait at once, but not from within") {
    for (std::size_t which = 0; which < 3; ++which) {
        CAPTURE(which);
        channels it(3);
        listener who;
        auto const tickets = it.tickets();
        it.signal(which);
        who.wait(it, tickets);
        CHECK(who.signalled == 0);
        CHECK(it.waiting() == counts{0, 0, 0});
        who.hang_up();  // too late
        REQUIRE(run_ready(it.home));
        CHECK(who.signalled == 1);
        CHECK(who.cancelled == 0);
    }
}

TEST_CASE("several signals before the wait is resumed end it once") {
    channels it(3);
    listener who;
    who.wait(it);
    // From the other shard, so that all wake-ups have been requested before any waiter is woken.
    for (std::size_t const which : {0U, 1U, 2U, 0U, 1U})
        it.signal(which, it.other);
    CHECK(who.signalled == 0);
    REQUIRE(run_ready(it.home));
    CHECK(who.signalled == 1);
    CHECK(it.waiting() == counts{0, 0, 0});
    who.wait(it);
    CHECK(it.waiting() == counts{1, 1, 1});
    CHECK(it.signal(2, it.other) == 1);
    REQUIRE(run_ready(it.home));
    CHECK(who.signalled == 2);
    CHECK(it.waiting() == counts{0, 0, 0});
}

TEST_CASE("a wait on several channels that has been signalled and not been resumed can be cancelled") {
    channels it(2);
    std::vector<listener> crowd(1000);
    for (auto& each : crowd)
        each.wait(it);
    CHECK(it.signal(0) == 1000);
    CHECK(it.waiting().front() == 0);
    // Some have been resumed, and have left the other channel; the others are still counted there, or signalled there
    // too.
    auto const left = it.waiting().back();
    CHECK(left < 1000);
    CHECK(left > 0);
    CHECK(it.signal(1) == left);
    for (std::size_t i = 1; i < crowd.size(); i += 2)
        crowd[i].hang_up();
    CHECK(it.waiting() == counts{0, 0});
    REQUIRE(run_ready(it.home));
    CHECK(it.waiting() == counts{0, 0});
    int cancelled = 0;
    for (auto const& each : crowd) {
        REQUIRE(each.signalled + each.cancelled == 1);
        cancelled += each.cancelled;
    }
    CHECK(cancelled > 0);
    CHECK(cancelled <= 500);
}

TEST_CASE("counts are right when some wait on one channel, some on all, and the waits end in any way") {
    channels it(3);
    listener all;
    listener some;
    listener one;
    all.wait(it);
    auto const tickets = it.tickets();
    some.wait(it, {tickets[1], tickets[2]});
    it.all[2]->async_wait(it.home, it.all[2]->now(), [&](boost::system::error_code) { ++one.signalled; });
    CHECK(it.waiting() == counts{1, 2, 3});
    CHECK(it.signal(0) == 1);
    REQUIRE(run_ready(it.home));
    CHECK(it.waiting() == counts{0, 1, 2});
    some.hang_up();
    CHECK(it.waiting() == counts{0, 0, 1});
    CHECK(it.signal(2) == 1);
    REQUIRE(run_ready(it.home));
    CHECK(it.waiting() == counts{0, 0, 0});
    CHECK(all.signalled == 1);
    CHECK(some.cancelled == 1);
    CHECK(one.signalled == 1);
}

TEST_CASE("a woken waiter may wait on the same channels again, from within") {
    channels it(2);
    listener who;
    who.then = [&] {
        if (who.signalled < 100)
            who.wait(it);
    };
    who.wait(it);
    for (int i = 1; i <= 100; ++i) {
        it.signal(static_cast<std::size_t>(i % 2));
        REQUIRE(run_ready(it.home));
        REQUIRE(who.signalled == i);
    }
    CHECK(it.waiting() == counts{0, 0});
}

TEST_CASE("a woken waiter may cancel the others or signal them") {
    channels it(2);
    std::vector<listener> crowd(10);
    for (auto& each : crowd)
        each.wait(it);
    crowd[0].then = [&] {
        it.signal(1);
        for (std::size_t i = 5; i < crowd.size(); ++i)
            crowd[i].hang_up();
    };
    asio::post(it.home.io(), [&] { it.signal(0); });
    REQUIRE(run_ready(it.home));
    for (std::size_t i = 0; i < crowd.size(); ++i) {
        CAPTURE(i);
        CHECK(crowd[i].signalled + crowd[i].cancelled == 1);
        CHECK(crowd[i].cancelled == (i >= 5 ? 1 : 0));
    }
    CHECK(it.waiting() == counts{0, 0});
}

TEST_CASE("waiting on the same channel twice is like waiting on it once") {
    channels it(1);
    auto const ticket = it.tickets().front();
    listener who;
    who.wait(it, {ticket, ticket});
    it.signal(0);
    REQUIRE(run_ready(it.home));
    CHECK(who.signalled == 1);
    CHECK(it.waiting() == counts{0});
    listener other;
    auto const next = it.tickets().front();
    other.wait(it, {next, next});
    other.hang_up();
    REQUIRE(run_ready(it.home));
    CHECK(other.cancelled == 1);
    CHECK(it.waiting() == counts{0});
}

TEST_CASE("a wait on no channels ends when it is cancelled") {
    channels it(0);
    listener who;
    who.wait(it);
    REQUIRE(run_ready(it.home));
    CHECK(who.signalled == 0);
    who.hang_up();
    REQUIRE(run_ready(it.home));
    CHECK(who.cancelled == 1);
}
