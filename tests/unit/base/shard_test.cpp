// A shard's portioned work: fair between jobs and to the event loop; and its deadlines in real time.
#include "loop.hpp"
#include <anteroom/base/shard.hpp>

#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace anteroom;
using anteroom::unit::run_ready;

namespace {

struct job final : portioned_work {
    explicit job(std::size_t units) : left(units) {}

    bool run_portion(std::size_t most) override {
        ++portions;
        ++depth;
        deepest = std::max(deepest, depth);
        largest = std::max(largest, most);
        left -= std::min(left, most);
        if (then)
            then();
        --depth;
        return left > 0;
    }

    std::size_t left;
    std::size_t portions = 0;
    std::size_t largest = 0;
    std::function<void()> then;
    static inline std::size_t depth = 0;
    static inline std::size_t deepest = 0;
};

/// Work that is requested by other threads.
struct request_counter final : portioned_work {
    bool run_portion(std::size_t) override { return false; }
    void requested(std::shared_ptr<portioned_work> const& self) override {
        CHECK(self.get() == this);
        ++count;
        if (order != nullptr)
            order->push_back(number);
        pending = false;
    }

    std::atomic<bool> pending{false};
    std::size_t count = 0;
    int number = 0;
    std::vector<int>* order = nullptr;
    work_request request;
};

struct bell final : deadline {
    std::function<void()> then;
    int rung = 0;
    void expire() override {
        ++rung;
        if (then)
            then();
    }
};

constexpr auto limit = std::chrono::seconds(20);

}  // namespace

TEST_CASE("a small job is done in place") {
    shard home(0);
    auto const small = std::make_shared<job>(3);
    home.run_in_portions(small);
    CHECK(small->left == 0);
    CHECK(small->portions == 1);
    CHECK(small.use_count() == 1);
    REQUIRE(run_ready(home));
    CHECK(small->portions == 1);
}

TEST_CASE("a large job is done in portions, and the event loop runs between them") {
    shard home(0);
    auto const big = std::make_shared<job>(10'000);
    home.run_in_portions(big);
    CHECK(big->portions == 1);
    auto const portion = big->largest;
    CHECK(portion > 0);
    CHECK(portion <= 1000);
    // A handler posted meanwhile runs soon, not at the end.
    std::size_t left_then = 0;
    asio::post(home.io(), [&] { left_then = big->left; });
    REQUIRE(run_ready(home));
    CHECK(big->left == 0);
    CHECK(left_then >= 10'000 - 3 * portion);
    CHECK(big->portions == (10'000 + portion - 1) / portion);
    CHECK(big.use_count() == 1);
}

TEST_CASE("what other threads request is called once for each request, in their order") {
    std::vector<int> order;
    shard home(0);
    std::vector<std::shared_ptr<request_counter>> all;
    for (int i = 0; i < 5; ++i) {
        auto const added = all.emplace_back(std::make_shared<request_counter>());
        added->number = i;
        added->order = &order;
        home.request(added, added->request);
    }
    CHECK(order.empty());
    REQUIRE(run_ready(home));
    CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
    for (auto const& each : all)
        CHECK(each.use_count() == 1);
}

TEST_CASE("requests of several threads at once") {
    constexpr std::size_t rounds = 20'000;
    shard home(0);
    std::vector<std::shared_ptr<request_counter>> all;
    std::vector<std::thread> threads;
    std::atomic<std::size_t> left{4};
    for (int i = 0; i < 4; ++i)
        all.push_back(std::make_shared<request_counter>());
    for (auto const& each : all) {
        threads.emplace_back([&home, &left, each] {
            for (std::size_t done = 0; done < rounds;) {
                if (!each->pending.exchange(true)) {
                    home.request(each, each->request);
                    ++done;
                } else {
                    std::this_thread::yield();
                }
            }
            --left;
        });
    }
    while (left > 0 || std::any_of(all.begin(), all.end(), [](auto const& each) { return each->pending.load(); })) {
        home.io().restart();
        home.io().poll();
    }
    for (auto& each : threads)
        each.join();
    for (auto const& each : all)
        CHECK(each->count == rounds);
}

TEST_CASE("what is requested of a shard that does not run any more is let go") {
    auto const never = std::make_shared<request_counter>();
    {
        shard home(0);
        home.request(never, never->request);
        CHECK(never.use_count() == 2);
    }
    CHECK(never.use_count() == 1);
    CHECK(never->count == 0);
}

TEST_CASE("an exception that leaves a handler ends that handler only") {
    shard home(0);
    int after = 0;
    asio::post(home.io(), [] { throw std::runtime_error("expected"); });
    asio::post(home.io(), [&] { ++after; });
    home.run();
    CHECK(after == 1);
}

TEST_CASE("a large job does not delay a small one") {
    shard home(0);
    auto const big = std::make_shared<job>(100'000);
    auto const small = std::make_shared<job>(10);
    std::size_t left_then = 0;
    small->then = [&] { left_then = big->left; };
    home.run_in_portions(big);
    home.run_in_portions(small);
    REQUIRE(run_ready(home));
    CHECK(small->left == 0);
    CHECK(left_then >= 100'000 - 3 * big->largest);
    CHECK(big->left == 0);
}

TEST_CASE("large jobs take turns") {
    shard home(0);
    std::vector<std::shared_ptr<job>> jobs;
    std::size_t furthest_apart = 0;
    for (int i = 0; i < 5; ++i) {
        auto const added = jobs.emplace_back(std::make_shared<job>(5000));
        added->then = [&] {
            std::size_t least = 5000;
            std::size_t most = 0;
            for (auto const& each : jobs) {
                least = std::min(least, each->left);
                most = std::max(most, each->left);
            }
            if (jobs.size() == 5)
                furthest_apart = std::max(furthest_apart, most - least);
        };
        home.run_in_portions(added);
    }
    REQUIRE(run_ready(home));
    for (auto const& each : jobs)
        CHECK(each->left == 0);
    CHECK(furthest_apart <= 3 * jobs.front()->largest);
}

TEST_CASE("work that is queued from within work is deferred, so that the stack stays flat") {
    shard home(0);
    job::deepest = 0;
    std::vector<std::shared_ptr<job>> chain;
    std::function<void()> const again = [&] {
        if (chain.size() == 10'000)
            return;
        auto const next = chain.emplace_back(std::make_shared<job>(1));
        next->then = again;
        home.run_in_portions(next);
    };
    again();
    REQUIRE(run_ready(home));
    CHECK(chain.size() == 10'000);
    for (auto const& each : chain)
        REQUIRE(each->portions == 1);
    CHECK(job::deepest == 1);
}

TEST_CASE("queued work is destroyed with its shard") {
    auto const big = std::make_shared<job>(10'000);
    {
        shard home(0);
        home.run_in_portions(big);
        CHECK(big.use_count() == 2);
    }
    CHECK(big.use_count() == 1);
}

TEST_CASE("deadlines expire in order of their times") {
    shard home(0);
    bell soon;
    bell later;
    std::vector<int> order;
    soon.then = [&] { order.push_back(1); };
    later.then = [&] {
        order.push_back(2);
        home.retire();
    };
    auto const begun = std::chrono::steady_clock::now();
    home.expires_after(later, milliseconds(200));
    home.expires_after(soon, milliseconds(20));
    home.io().run_for(limit);
    auto const took = std::chrono::steady_clock::now() - begun;
    CHECK(order == std::vector{1, 2});
    // steady_now() reads a coarse clock.
    CHECK(took >= milliseconds(190));
    CHECK(took < limit);
}

TEST_CASE("moving a deadline to an earlier time rearms the timer") {
    shard home(0);
    bell one;
    one.then = [&] { home.retire(); };
    home.expires_after(one, std::chrono::hours(1));
    REQUIRE(run_ready(home));
    home.expires_after(one, milliseconds(10));
    home.io().restart();
    home.io().run_for(limit);
    CHECK(one.rung == 1);
}

TEST_CASE("a deadline is not delayed by those that are set after it") {
    shard home(0);
    bell first;
    std::deque<bell> others;
    home.expires_after(first, milliseconds(100));
    auto const begun = std::chrono::steady_clock::now();
    while (first.rung == 0 && std::chrono::steady_clock::now() - begun < std::chrono::seconds(5)) {
        home.expires_after(others.emplace_back(), milliseconds(100));
        home.io().run_for(milliseconds(5));
    }
    CHECK(first.rung == 1);
}

TEST_CASE("a retired shard finishes its work and discards its deadlines") {
    shard home(0);
    bell one;
    home.expires_after(one, std::chrono::hours(1));
    home.retire();
    home.expires_after(one, std::chrono::hours(1));
    home.io().run_for(limit);
    CHECK(home.io().stopped());
    CHECK(one.rung == 0);
}
