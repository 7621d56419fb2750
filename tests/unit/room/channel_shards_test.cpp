// The channel between two shards on two threads: no wake-up is lost, whichever of them signals and waits.
#include <anteroom/room/channel.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace anteroom;

namespace {

constexpr auto limit = std::chrono::seconds(60);

// Counts down to 0, which can be waited for with a timeout.
class countdown {
  public:
    explicit countdown(std::size_t from) : left_(from) {}

    void one_less() {
        std::lock_guard const lock(mutex_);
        if (--left_ == 0)
            reached_.notify_all();
    }
    bool reaches_zero() {
        std::unique_lock lock(mutex_);
        return reached_.wait_for(lock, limit, [&] { return left_ == 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable reached_;
    std::size_t left_;
};

// Two shards, each on a thread of its own during run(), and a version that both increment and signal.
struct two_shards {
    // Runs both until everything that was started has ended; returns whether that was in time.
    bool run(countdown& running) {
        std::jthread const one([this] { first.run(); });
        std::jthread const two([this] { second.run(); });
        bool const ended = running.reaches_zero();
        if (!ended) {
            first.io().stop();
            second.io().stop();
        }
        return ended;
    }

    shard first{0};
    shard second{1};
    std::array<shard*, 2> shards{&first, &second};
    std::shared_ptr<channel> changes = std::make_shared<channel>(shards);
    std::atomic<std::uint64_t> version = 0;
    std::atomic<std::uint64_t> seen_by = 0;
};

void rethrow(std::exception_ptr failure) {
    if (failure)
        std::rethrow_exception(failure);
}

// Follows the version until the last one. If `lockstep` is set, it is the number of followers, and the last of them to
// see a version makes the next one: a lost wake-up stops them all.
asio::awaitable<void, executor> follow(two_shards& it, shard& home, std::uint64_t last, std::uint64_t lockstep,
                                       countdown& running) {
    std::uint64_t seen_version = 0;
    while (seen_version < last) {
        auto const ticket = it.changes->now();
        auto const now = it.version.load(std::memory_order_acquire);
        if (now == seen_version) {
            co_await it.changes->async_wait(home, ticket, asio::deferred);
            continue;
        }
        seen_version = now;
        if (lockstep > 0 && it.seen_by.fetch_add(1) + 1 == lockstep * now && now < last) {
            it.version.store(now + 1, std::memory_order_release);
            it.changes->signal(home, it.changes);
        }
    }
    running.one_less();
}

// Increments the version `times` times, and lets the loop run now and then.
asio::awaitable<void, executor> change(two_shards& it, shard& home, int times, countdown& running) {
    for (int i = 0; i < times; ++i) {
        it.version.fetch_add(1, std::memory_order_release);
        it.changes->signal(home, it.changes);
        if (i % 3 == 0)
            co_await asio::post(home.get_executor(), asio::deferred);
    }
    running.one_less();
}

// Cancels a wait and restarts it, again and again, until the last version is reached.
asio::awaitable<void, executor> wait_restlessly(two_shards& it, shard& home, std::uint64_t last,
                                                std::shared_ptr<asio::cancellation_signal> cancel,
                                                std::size_t& cancelled, countdown& running) {
    for (;;) {
        auto const ticket = it.changes->now();
        if (it.version.load(std::memory_order_acquire) >= last)
            break;
        asio::post(home.io(), [cancel] { cancel->emit(asio::cancellation_type::terminal); });
        auto const ended = co_await it.changes->async_wait(
            home, ticket, asio::bind_cancellation_slot(cancel->slot(), asio::as_tuple(asio::deferred)));
        cancelled += std::get<0>(ended) == asio::error::operation_aborted;
    }
    running.one_less();
}

}  // namespace

TEST_CASE("in lockstep, tens of thousands of rounds, no wake-up is lost") {
    constexpr std::uint64_t rounds = 20'000;
    constexpr std::size_t followers = 6;
    two_shards it;
    countdown running(followers);
    for (std::size_t i = 0; i < followers; ++i) {
        auto& home = *it.shards[i % 2];
        asio::co_spawn(home.get_executor(), follow(it, home, rounds, followers, running), rethrow);
    }
    asio::post(it.first.io(), [&] {
        it.version.store(1);
        it.changes->signal(it.first, it.changes);
    });
    CHECK(it.run(running));
    CHECK(it.version == rounds);
    CHECK(it.changes->waiting() == 0);
}

TEST_CASE("a subscription_cursor sees the last version, with signals from both sides at full speed") {
    constexpr int changes_each = 50'000;
    constexpr std::size_t followers = 10;
    two_shards it;
    countdown running(followers + 2);
    for (std::size_t i = 0; i < followers; ++i) {
        auto& home = *it.shards[i % 2];
        asio::co_spawn(home.get_executor(), follow(it, home, 2 * changes_each, 0, running), rethrow);
    }
    for (auto* home : it.shards)
        asio::co_spawn(home->get_executor(), change(it, *home, changes_each, running), rethrow);
    CHECK(it.run(running));
    CHECK(it.version == 2 * changes_each);
    CHECK(it.changes->waiting() == 0);
}

TEST_CASE("a waiter on the other shard only is woken from this one") {
    constexpr int count = 20'000;
    two_shards it;
    countdown running(2);
    asio::co_spawn(it.second.get_executor(), follow(it, it.second, count, 0, running), rethrow);
    asio::co_spawn(it.first.get_executor(), change(it, it.first, count, running), rethrow);
    CHECK(it.run(running));
    CHECK(it.changes->waiting() == 0);
}

TEST_CASE("cancellations between the signals lose nothing and keep the counts right") {
    constexpr int changes_each = 10'000;
    constexpr std::size_t restless = 6;
    two_shards it;
    countdown running(restless + 4);
    std::array<std::size_t, restless> cancelled{};
    for (std::size_t i = 0; i < restless; ++i) {
        auto& home = *it.shards[i % 2];
        auto cancel = std::make_shared<asio::cancellation_signal>();
        asio::co_spawn(home.get_executor(),
                       wait_restlessly(it, home, 2 * changes_each, std::move(cancel), cancelled[i], running), rethrow);
    }
    for (auto* home : it.shards) {
        asio::co_spawn(home->get_executor(), follow(it, *home, 2 * changes_each, 0, running), rethrow);
        asio::co_spawn(home->get_executor(), change(it, *home, changes_each, running), rethrow);
    }
    CHECK(it.run(running));
    CHECK(it.changes->waiting() == 0);
}

TEST_CASE("a wake-up in transit to another shard keeps the channel alive") {
    two_shards it;
    int woken = 0;
    it.changes->async_wait(it.second, it.changes->now(), [&](boost::system::error_code how) { woken += !how; });
    CHECK(it.changes->signal(it.first, it.changes) == 1);
    std::weak_ptr<channel> const watched = it.changes;
    it.changes.reset();
    CHECK_FALSE(watched.expired());
    it.second.io().run_for(limit);
    CHECK(woken == 1);
    CHECK(watched.expired());
}

TEST_CASE("consecutive signals share a wake-up between shards") {
    two_shards it;
    int woken = 0;
    it.changes->async_wait(it.second, it.changes->now(), [&](boost::system::error_code) { ++woken; });
    CHECK(it.changes->signal(it.first, it.changes) == 1);
    it.changes->signal(it.first, it.changes);
    it.changes->signal(it.first, it.changes);
    CHECK(woken == 0);
    // One handler on the other shard for all three.
    CHECK(it.second.io().poll() == 1);
    CHECK(woken == 1);
    CHECK(it.changes->waiting() == 0);
}
