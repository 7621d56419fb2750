// Tasks: what they await, how an exception goes up, and what becomes of one whose operation never completes.
#include <anteroom/base/task.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace anteroom;

namespace {

/// Notes when it goes.
class witness {
  public:
    witness(std::vector<std::string>& in, std::string name) : in_(&in), name_(std::move(name)) {}
    witness(witness const&) = delete;
    witness& operator=(witness const&) = delete;
    ~witness() { in_->push_back(name_); }

  private:
    std::vector<std::string>* in_;
    std::string name_;
};

/// Gives a number to whoever waits for one.
struct giver {
    asio::any_completion_handler<void(int)> waiting;

    auto async_get() {
        return asio::async_initiate<asio::deferred_t const&, void(int)>(
            [](auto&& handler, giver* self) { self->waiting = std::forward<decltype(handler)>(handler); },
            asio::deferred, this);
    }
    void give(int what) { std::exchange(waiting, nullptr)(what); }
};

/// An operation that cannot even begin.
auto async_fail() {
    return asio::async_initiate<asio::deferred_t const&, void(int)>(
        [](auto&& handler) {
            auto const gone = std::forward<decltype(handler)>(handler);
            throw std::runtime_error("not begun");
        },
        asio::deferred);
}

std::string failure_told;
void tell_failure(std::exception_ptr const& why) {
    try {
        std::rethrow_exception(why);
    } catch (std::exception const& error) {
        failure_told = error.what();
    }
}

task<int> at_once(int what) {
    co_return what;
}
task<int> failing(bool now, giver& from) {
    if (!now)
        co_await from.async_get();
    throw std::runtime_error("failed");
}

}  // namespace

TEST_CASE("a task begins when it is awaited, and gives its value") {
    std::vector<int> got;
    auto const outer = [](std::vector<int>& into) -> task<void> {
        auto later = at_once(2);
        into.push_back(1);
        auto const value = co_await std::move(later);
        into.push_back(value);
    };
    auto made = outer(got);
    CHECK(made.valid());
    CHECK(got.empty());
    start(std::move(made), nullptr);
    CHECK(got == std::vector{1, 2});
    CHECK_FALSE(task<void>().valid());
}

TEST_CASE("values that a task waits for reach it through the tasks that await each other") {
    giver numbers;
    int sum = 0;
    bool ended = false;
    auto const inner = [](giver& from) -> task<int> {
        int const first = co_await from.async_get();
        int const second = co_await from.async_get();
        co_return first + second;
    };
    auto const outer = [&inner](giver& from, int& into, bool& over) -> task<void> {
        int const one = co_await inner(from);
        int const other = co_await inner(from);
        into = one + other;
        over = true;
    };
    start(outer(numbers, sum, ended), nullptr);
    for (int number : {1, 10, 100, 1000}) {
        CHECK_FALSE(ended);
        numbers.give(number);
    }
    CHECK(ended);
    CHECK(sum == 1111);
    CHECK_FALSE(numbers.waiting);
}

TEST_CASE("an exception goes up through the tasks that wait") {
    giver numbers;
    bool const now = GENERATE(false, true);
    failure_told.clear();
    std::vector<std::string> gone;

    SECTION("to one that catches it") {
        std::string caught;
        auto const middle = [](bool at_once, giver& from, std::vector<std::string>& tell) -> task<int> {
            witness const here(tell, "middle");
            co_return co_await failing(at_once, from);
        };
        auto const outer = [&middle](bool at_once, giver& from, std::vector<std::string>& tell,
                                     std::string& why) -> task<void> {
            try {
                co_await middle(at_once, from, tell);
            } catch (std::runtime_error const& error) {
                why = error.what();
            }
        };
        start(outer(now, numbers, gone, caught), tell_failure);
        if (!now)
            numbers.give(0);
        CHECK(caught == "failed");
        CHECK(failure_told.empty());
        CHECK(gone == std::vector<std::string>{"middle"});
    }
    SECTION("and out of the one that was started, to its handler or to nobody") {
        auto const told = GENERATE(as<failure_handler>(), tell_failure, nullptr);
        auto const outer = [](bool at_once, giver& from, std::vector<std::string>& tell) -> task<void> {
            witness const here(tell, "outer");
            co_await failing(at_once, from);
        };
        start(outer(now, numbers, gone), told);
        if (!now)
            numbers.give(0);
        CHECK(failure_told == (told != nullptr ? "failed" : ""));
        CHECK(gone == std::vector<std::string>{"outer"});
    }
}

TEST_CASE("an operation that cannot begin throws where it is awaited") {
    std::string caught;
    auto const wait = [](std::string& why) -> task<void> {
        try {
            co_await async_fail();
        } catch (std::runtime_error const& error) {
            why = error.what();
        }
        why += ", and it went on";
    };
    start(wait(caught), tell_failure);
    CHECK(caught == "not begun, and it went on");
}

TEST_CASE("an operation that goes without completing takes the tasks that wait for it along") {
    std::vector<std::string> gone;
    auto const inner = [](giver& from, std::vector<std::string>& tell) -> task<int> {
        witness const here(tell, "inner");
        co_return co_await from.async_get();
    };
    auto const outer = [&inner](giver& from, std::vector<std::string>& tell) -> task<void> {
        witness const here(tell, "outer");
        co_await inner(from, tell);
        tell.emplace_back("never");
    };
    {
        giver numbers;
        start(outer(numbers, gone), tell_failure);
        CHECK(gone.empty());
    }
    CHECK(gone == std::vector<std::string>{"inner", "outer"});

    gone.clear();
    {
        auto const waits_for_io = [](asio::io_context& io, std::vector<std::string>& tell) -> task<void> {
            witness const here(tell, "with its loop");
            co_await asio::post(io.get_executor(), asio::deferred);
        };
        asio::io_context io;
        start(waits_for_io(io, gone), tell_failure);
    }
    CHECK(gone == std::vector<std::string>{"with its loop"});
}

TEST_CASE("a task that was not awaited goes without having begun") {
    std::vector<std::string> gone;
    auto const never = [](std::vector<std::string>& tell, std::unique_ptr<witness>) -> task<void> {
        tell.emplace_back("begun");
        co_return;
    };
    {
        auto const made = never(gone, std::make_unique<witness>(gone, "argument"));
        CHECK(gone.empty());
    }
    CHECK(gone == std::vector<std::string>{"argument"});
}

TEST_CASE("tasks that end at once need no stack") {
    int sum = 0;
    auto const outer = [](int& into) -> task<void> {
        for (int i = 0; i < 1'000'000; ++i) {
            int const one = co_await at_once(1);
            into += one;
        }
    };
    start(outer(sum), nullptr);
    CHECK(sum == 1'000'000);
}

TEST_CASE("operations of Asio are awaited in their forms") {
    asio::io_context io;
    int steps = 0;
    auto const all = [](asio::io_context& on, int& count) -> task<void> {
        co_await asio::post(on.get_executor(), asio::deferred);
        ++count;
        asio::steady_timer timer(on, std::chrono::milliseconds(1));
        std::tuple<boost::system::error_code> const waited = co_await timer.async_wait(asio::as_tuple(asio::deferred));
        CHECK_FALSE(std::get<0>(waited));
        ++count;
    };
    start(all(io, steps), nullptr);
    CHECK(steps == 0);
    io.run();
    CHECK(steps == 2);
}
