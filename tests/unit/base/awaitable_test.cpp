// Awaitables on a shard: the guarantees of spawn(), which thread a coroutine resumes on after another thread has
// completed its operation, and errors.
#include "loop.hpp"
#include <anteroom/base/spawn.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <vector>

using namespace anteroom;
using anteroom::unit::run_ready;

namespace {

/// An operation that a separate thread completes, like a journal's: `void(error_code, int)`.
template <class CompletionToken = asio::deferred_t>
auto async_elsewhere(std::thread& by, boost::system::error_code ec, int value, CompletionToken&& token = {}) {
    return asio::async_initiate<CompletionToken, void(boost::system::error_code, int)>(
        [](auto handler, std::thread* on, boost::system::error_code with, int give) {
            auto const at = asio::get_associated_executor(handler);
            *on = std::thread([handler = std::move(handler), work = asio::make_work_guard(at), with, give]() mutable {
                auto const where = work.get_executor();
                asio::post(where, [handler = std::move(handler), with, give]() mutable { handler(with, give); });
            });
        },
        token, &by, ec, value);
}

awaitable<int> sum(int a, int b) {
    co_return a + b;
}

awaitable<> add(std::vector<int>* to) {
    auto one = sum(1, 2);
    int const three = co_await std::move(one);
    to->push_back(three);
}

struct outcome {
    std::thread::id before, after;
    int value = 0;
    bool thrown = false;
};

awaitable<> await_elsewhere(std::thread* by, boost::system::error_code ec, outcome* out) {
    out->before = std::this_thread::get_id();
    try {
        out->value = co_await async_elsewhere(*by, ec, 42);
    } catch (boost::system::system_error const& error) {
        out->thrown = error.code() == ec;
    }
    out->after = std::this_thread::get_id();
}

root_awaitable add_as_root(shard* on, std::vector<int>* to) {
    co_await add(to);
    co_await asio::post(on->get_executor(), asio::deferred);
    co_await add(to);
}

awaitable<> throw_after_a_wait(shard* on) {
    co_await asio::post(on->get_executor(), asio::deferred);
    throw std::runtime_error("expected");
}

}  // namespace

TEST_CASE("a spawned coroutine and those that it awaits run in place on its shard's thread") {
    shard home(0);
    std::vector<int> got;
    bool in_place = false;
    asio::post(home.io(), [&] {
        spawn(home.get_executor(), add(&got), "a test");
        in_place = got.size() == 1;
    });
    REQUIRE(run_ready(home));
    CHECK(in_place);
    CHECK(got == std::vector<int>{3});
}

TEST_CASE("an operation completed by another thread resumes the coroutine on its own shard") {
    shard home(0);
    std::thread other;
    outcome got;
    spawn(home.get_executor(), await_elsewhere(&other, {}, &got), "a test");
    home.run();  // returns once no work is outstanding
    other.join();
    CHECK(got.value == 42);
    CHECK_FALSE(got.thrown);
    CHECK(got.before == got.after);
}

TEST_CASE("the error of an operation reaches the awaiting coroutine") {
    shard home(0);
    std::thread other;
    outcome got;
    spawn(home.get_executor(), await_elsewhere(&other, asio::error::connection_reset, &got), "a test");
    home.run();
    other.join();
    CHECK(got.thrown);
    CHECK(got.value == 0);
}

TEST_CASE("an exception ends only the coroutine that was spawned") {
    shard home(0);
    std::vector<int> got;
    spawn(home.get_executor(), throw_after_a_wait(&home), "a test that expects it");
    spawn(home.get_executor(), add(&got), "a test");
    REQUIRE_NOTHROW(home.run());
    CHECK(got.size() == 1);
}

TEST_CASE("a root coroutine runs in place on its shard's thread, and is posted there from elsewhere") {
    shard home(0);
    std::vector<int> got;
    spawn_root(home.get_executor(), add_as_root(&home, &got));
    CHECK(got.empty());  // this is not the shard's thread
    bool in_place = false;
    asio::post(home.io(), [&] {
        auto const before = got.size();
        spawn_root(home.get_executor(), add_as_root(&home, &got));
        in_place = got.size() == before + 1;
    });
    REQUIRE(run_ready(home));
    CHECK(in_place);
    CHECK(got.size() == 4);
}

TEST_CASE("a root coroutine that never finished is destroyed with its shard") {
    auto const held = std::make_shared<int>();
    struct wait_forever {
        static root_awaitable run(shard* on, std::shared_ptr<int> keeps) {
            asio::steady_timer never(on->io(), asio::steady_timer::time_point::max());
            co_await never.async_wait(asio::deferred);
            ++*keeps;
        }
    };
    {
        shard home(0);
        spawn_root(home.get_executor(), wait_forever::run(&home, held));
        home.io().poll();
        CHECK(held.use_count() == 2);
    }
    CHECK(held.use_count() == 1);
    CHECK(*held == 0);
}
