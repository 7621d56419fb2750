// The wait on a channel as an asynchronous operation of Asio: completion tokens, allocator, executor, and move-only
// handlers.
#include "room/listeners.hpp"
#include <anteroom/base/handler_memory.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <future>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct account {
    std::size_t allocated = 0;
    std::size_t live = 0;
    std::size_t most_live = 0;
};

template <class T>
struct counting_allocator {
    using value_type = T;

    explicit counting_allocator(account& in) noexcept : kept_in(&in) {}
    template <class U>
    counting_allocator(counting_allocator<U> const& other) noexcept : kept_in(other.kept_in) {}

    T* allocate(std::size_t count) {
        ++kept_in->allocated;
        kept_in->most_live = std::max(kept_in->most_live, ++kept_in->live);
        return std::allocator<T>().allocate(count);
    }
    void deallocate(T* memory, std::size_t count) noexcept {
        --kept_in->live;
        std::allocator<T>().deallocate(memory, count);
    }
    template <class U>
    bool operator==(counting_allocator<U> const& other) const noexcept {
        return kept_in == other.kept_in;
    }

    account* kept_in;
};

using wait_memory = handler_memory<256>;
using wait_allocator = handler_allocator<void, 256>;

asio::awaitable<void, executor> wait_three_times(one_shard& it, wait_memory& memory, int& woken) {
    for (int i = 0; i < 3; ++i) {
        co_await it.changes->async_wait(it.home, it.changes->now(),
                                        asio::bind_allocator(wait_allocator(memory), asio::deferred));
        ++woken;
    }
}

asio::awaitable<void, executor> wait_with_use_awaitable(one_shard& it, int& woken) {
    co_await it.changes->async_wait(it.home, it.changes->now(), asio::use_awaitable_t<executor>());
    ++woken;
    auto const all =
        co_await it.changes->async_wait(it.home, it.changes->now(), asio::as_tuple(asio::use_awaitable_t<executor>()));
    woken += !std::get<0>(all);
}

void rethrow(std::exception_ptr failure) {
    if (failure)
        std::rethrow_exception(failure);
}

}  // namespace

TEST_CASE("a wait with a future") {
    one_shard it;
    auto woken = it.changes->async_wait(it.home, it.changes->now(), asio::use_future);
    REQUIRE(it.run());
    CHECK(woken.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    it.signal();
    REQUIRE(it.run());
    REQUIRE(woken.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
    CHECK_NOTHROW(woken.get());
}

TEST_CASE("a future is broken when its channel is destroyed") {
    one_shard it;
    auto woken = it.changes->async_wait(it.home, it.changes->now(), asio::use_future);
    it.changes.reset();
    REQUIRE(woken.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
    CHECK_THROWS_AS(woken.get(), std::future_error);
}

TEST_CASE("a deferred wait starts when it is launched") {
    one_shard it;
    auto wait = it.changes->async_wait(it.home, it.changes->now(), asio::deferred);
    CHECK(it.changes->waiting() == 0);
    int woken = 0;
    std::move(wait)([&](boost::system::error_code how) { woken += !how; });
    CHECK(it.changes->waiting() == 1);
    it.signal();
    REQUIRE(it.run());
    CHECK(woken == 1);
}

TEST_CASE("a wait in coroutines") {
    one_shard it;
    int woken = 0;
    wait_memory memory;
    SECTION("deferred, in the memory of the waiter") {
        asio::co_spawn(it.home.get_executor(), wait_three_times(it, memory, woken), rethrow);
        for (int i = 1; i <= 3; ++i) {
            REQUIRE(it.run());
            REQUIRE(it.signal() == 1);
            REQUIRE(it.run());
            REQUIRE(woken == i);
        }
    }
    SECTION("use_awaitable") {
        asio::co_spawn(it.home.get_executor(), wait_with_use_awaitable(it, woken), rethrow);
        for (int i = 1; i <= 2; ++i) {
            REQUIRE(it.run());
            REQUIRE(it.signal() == 1);
            REQUIRE(it.run());
            REQUIRE(woken == i);
        }
    }
    SECTION("destroyed with the channel") {
        asio::co_spawn(it.home.get_executor(), wait_three_times(it, memory, woken), asio::deferred)(rethrow);
        REQUIRE(it.run());
        REQUIRE(it.changes->waiting() == 1);
        it.changes.reset();
        REQUIRE(it.run());
        CHECK(woken == 0);
    }
    CHECK(it.home.io().stopped());
}

TEST_CASE("a move-only handler") {
    one_shard it;
    int woken = 0;
    it.changes->async_wait(it.home, it.changes->now(),
                           [&, own = std::make_unique<int>(1)](boost::system::error_code) { woken += *own; });
    it.signal();
    REQUIRE(it.run());
    CHECK(woken == 1);
}

TEST_CASE("the handler's allocator is used, and the memory is freed before the handler runs") {
    one_shard it;
    account kept;
    int woken = 0;
    std::function<void(boost::system::error_code)> again;
    auto const wait = [&] {
        it.changes->async_wait(
            it.home, it.changes->now(),
            asio::bind_allocator(counting_allocator<void>(kept), [&](boost::system::error_code how) { again(how); }));
    };
    again = [&](boost::system::error_code) {
        CHECK(kept.live == 0);
        if (++woken < 50)
            wait();
    };
    wait();
    CHECK(kept.live == 1);
    while (it.changes->waiting() > 0) {
        // On the shard's thread, where the handler is called in place and there are no other allocations.
        asio::post(it.home.io(), [&] { it.signal(); });
        REQUIRE(it.run());
    }
    CHECK(woken == 50);
    CHECK(kept.allocated == 50);
    CHECK(kept.most_live == 1);
    CHECK(kept.live == 0);
}

TEST_CASE("memory is freed however a wait ends") {
    account kept;
    asio::cancellation_signal cancel;
    {
        one_shard it;
        auto const wait = [&](channel::ticket seen) {
            it.changes->async_wait(
                it.home, seen,
                asio::bind_cancellation_slot(cancel.slot(), asio::bind_allocator(counting_allocator<void>(kept),
                                                                                 [](boost::system::error_code) {})));
        };
        auto const old = it.changes->now();
        wait(old);
        it.signal();
        REQUIRE(it.run());
        CHECK(kept.live == 0);
        wait(it.changes->now());
        cancel.emit(asio::cancellation_type::terminal);
        REQUIRE(it.run());
        CHECK(kept.live == 0);
        wait(old);
        REQUIRE(it.run());
        CHECK(kept.live == 0);
        wait(it.changes->now());
        CHECK(kept.live == 1);
    }
    CHECK(kept.live == 0);
    CHECK(kept.allocated >= 4);
}

TEST_CASE("the handler runs on its executor") {
    one_shard it;
    auto const strand = asio::make_strand(it.home.get_executor());
    asio::cancellation_signal cancel;
    int right = 0;
    auto const wait = [&](channel::ticket seen) {
        it.changes->async_wait(
            it.home, seen,
            asio::bind_cancellation_slot(cancel.slot(), asio::bind_executor(strand, [&](boost::system::error_code) {
                                             right += strand.running_in_this_thread();
                                         })));
    };
    auto const old = it.changes->now();
    wait(old);
    it.signal();
    REQUIRE(it.run());
    CHECK(right == 1);
    wait(old);
    REQUIRE(it.run());
    CHECK(right == 2);
    wait(it.changes->now());
    cancel.emit(asio::cancellation_type::terminal);
    REQUIRE(it.run());
    CHECK(right == 3);
}

TEST_CASE("an exception from a handler propagates to the caller of run()") {
    one_shard it;
    it.changes->async_wait(it.home, it.changes->now(),
                           [](boost::system::error_code) { throw std::runtime_error("expected"); });
    it.signal();
    CHECK_THROWS_AS(it.run(), std::runtime_error);
    listener who;
    who.wait(it);
    it.signal();
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
}
