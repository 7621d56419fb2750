// The place of a waiting handler by itself: what is kept in it, and what in memory of its own.
#include "loop.hpp"
#include <anteroom/net/wait_slot.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <optional>
#include <thread>

using namespace anteroom;
using anteroom::net::wait_slot;
using anteroom::unit::run_ready;
using boost::system::error_code;

namespace {

struct ended {
    std::optional<error_code> with;
    std::thread::id where;
};

// As small as a coroutine's handler, and one word more.
auto small(ended& to) {
    return [to = &to](error_code ec) { *to = {ec, std::this_thread::get_id()}; };
}
auto large(ended& to) {
    return [keep = small(to), more = std::array<void*, 2>()](error_code ec) {
        if (more[0] == nullptr)
            keep(ec);
    };
}

// An allocator of which nothing may be asked for.
template <class T>
struct refusing_allocator {
    using value_type = T;
    refusing_allocator() = default;
    template <class U>
    refusing_allocator(refusing_allocator<U> const&) noexcept {}
    T* allocate(std::size_t) { throw std::bad_alloc(); }
    void deallocate(T*, std::size_t) noexcept {}
    bool operator==(refusing_allocator const&) const = default;
};

// A handler that is small though it has an allocator, of a type without a state.
struct frugal {
    ended* to;
    using allocator_type = refusing_allocator<void>;
    allocator_type get_allocator() const noexcept { return {}; }
    void operator()(error_code ec) const { to->with = ec; }
};

}  // namespace

TEST_CASE("a slot takes no more than a function, and a handler of two words") {
    CHECK(sizeof(wait_slot) == 3 * sizeof(void*));
    wait_slot empty;
    CHECK_FALSE(empty);
    empty.prefetch_handler();
}

TEST_CASE("a small handler is kept without an allocation and called in place") {
    shard home(0);
    wait_slot slot;
    ended got;
    slot.begin(frugal{&got}, home.get_executor());
    CHECK(slot);
    slot.prefetch_handler();
    slot.complete({}, home.get_executor());
    CHECK(got.with == error_code());
    CHECK_FALSE(slot);
}

TEST_CASE("a handler that cannot be kept leaves the slot empty") {
    shard home(0);
    wait_slot slot;
    ended got;
    auto const at = home.get_executor();
    CHECK_THROWS_AS(slot.begin(asio::bind_allocator(refusing_allocator<char>(), large(got)), at), std::bad_alloc);
    CHECK_FALSE(slot);
}

TEST_CASE("a large handler is dispatched, and a posted completion comes in a later turn") {
    shard home(0);
    wait_slot slot;
    ended got;
    slot.begin(large(got), home.get_executor());
    bool in_place = false;
    asio::post(home.io(), [&] {
        slot.complete({}, home.get_executor());
        in_place = got.with.has_value();
    });
    REQUIRE(run_ready(home));
    CHECK(in_place);

    got = {};
    slot.begin(small(got), home.get_executor());
    slot.post(asio::error::timed_out, home.get_executor());
    CHECK_FALSE(slot);
    CHECK_FALSE(got.with);
    REQUIRE(run_ready(home));
    CHECK(got.with == asio::error::timed_out);
}

TEST_CASE("a handler of another thread's executor runs there") {
    shard home(0);
    shard other(1);
    bool const small_one = true;
    for (bool const posted : {false, true}) {
        for (bool const fits : {small_one, !small_one}) {
            wait_slot slot;
            ended got;
            auto const there = other.get_executor();
            fits ? slot.begin(asio::bind_executor(there, small(got)), home.get_executor())
                 : slot.begin(asio::bind_executor(there, large(got)), home.get_executor());
            std::thread runs([&] {
                other.io().restart();
                other.run();  // as long as there is work
            });
            posted ? slot.post({}, home.get_executor()) : slot.complete({}, home.get_executor());
            REQUIRE(run_ready(home));
            auto const id = runs.get_id();
            runs.join();
            CHECK(got.with == error_code());
            CHECK(got.where == id);
        }
    }
}

TEST_CASE("a handler may begin the next operation of its slot") {
    shard home(0);
    wait_slot slot;
    ended second;
    slot.begin([&](error_code) { slot.begin(small(second), home.get_executor()); }, home.get_executor());
    slot.complete({}, home.get_executor());
    REQUIRE(run_ready(home));
    REQUIRE(slot);
    slot.complete(asio::error::eof, home.get_executor());
    CHECK(second.with == asio::error::eof);
}

TEST_CASE("a signal that comes after the end of an operation does not end the next") {
    shard home(0);
    wait_slot slot;
    asio::cancellation_signal signal;
    ended first, second;
    slot.begin(asio::bind_cancellation_slot(signal.slot(), small(first)), home.get_executor());
    slot.complete({}, home.get_executor());
    slot.begin(small(second), home.get_executor());
    signal.emit(asio::cancellation_type::all);
    REQUIRE(run_ready(home));
    CHECK(slot);
    CHECK(first.with == error_code());
    CHECK_FALSE(second.with);
}
