// A room: a publish appends, wakes the waiters and counts them; readers read from their own cursors.
#include "loop.hpp"
#include "room/logs.hpp"
#include "room/print.hpp"
#include <anteroom/room/room.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct kitchen {
    shard home{0};
    std::array<shard*, 1> shards{&home};
    history_limits limits{.messages = 3};
    memory_meter meter;
    // Like a hub.
    cursor publish(std::string data) {
        auto one = message::make(text(std::move(data)), meter);
        message_ids ids;
        place->append({&one, 1}, unix_now(), ids);
        subscribers = place->wake(home);
        return ids.front();
    }

    std::size_t subscribers = 0;  // how many were woken by the last publish
    std::shared_ptr<room> place = std::make_shared<room>("kitchen", 7, shards, limits, meter);
};

}  // namespace

TEST_CASE("a publish gets its id, and wakes waiters") {
    kitchen it;
    int woken = 0;
    for (int i = 0; i < 5; ++i)
        it.place->changes().async_wait(it.home, it.place->changes().now(),
                                       [&](boost::system::error_code how) { woken += !how; });
    CHECK(it.publish("hello") == cursor{7, 1});
    CHECK(it.subscribers == 5);
    REQUIRE(run_ready(it.home));
    CHECK(woken == 5);
    CHECK(it.publish("again") == cursor{7, 2});
    CHECK(it.subscribers == 0);
    auto const got = it.place->read({7, 0}, 10);
    CHECK(numbers(got) == range(1, 2));
}

TEST_CASE("a woken waiter finds the message, even in place") {
    kitchen it;
    std::vector<std::uint64_t> found;
    auto& changes = it.place->changes();
    changes.async_wait(it.home, changes.now(),
                       [&](boost::system::error_code) { found = numbers(it.place->read({7, 0}, 10)); });
    // On the thread of the shard, a publish resumes waiters before it returns.
    asio::post(it.home.io(), [&] {
        it.publish("hello");
        CHECK(found == range(1, 1));
    });
    REQUIRE(run_ready(it.home));
    CHECK(found == range(1, 1));
}

TEST_CASE("a summary of a room") {
    kitchen it;
    auto facts = it.place->facts();
    CHECK(facts.name == "kitchen");
    CHECK(facts.messages == 0);
    CHECK(facts.bytes == 0);
    CHECK(facts.last == cursor{7, 0});
    CHECK_FALSE(it.place->ever_published());
    CHECK(it.place->is_empty());
    for (int i = 0; i < 5; ++i)
        it.publish("x");
    facts = it.place->facts();
    CHECK(facts.messages == 3);
    CHECK(facts.bytes == 3 * message::charge_of(text("x")));
    CHECK(facts.bytes == it.place->bytes());
    CHECK(facts.first == cursor{7, 3});
    CHECK(facts.last == cursor{7, 5});
    CHECK(it.place->end() == cursor{7, 5});
    CHECK(it.place->ever_published());
    CHECK_FALSE(it.place->is_empty());
    CHECK(it.place->evict(1) == message::charge_of(text("x")));
    CHECK(it.place->facts().first == cursor{7, 4});
    CHECK(it.place->evict(1'000'000) == 2 * message::charge_of(text("x")));
    CHECK(it.place->is_empty());
    CHECK(it.place->ever_published());
    CHECK(it.place->bytes() == 0);
}

TEST_CASE("a room with waiters is not idle") {
    kitchen it;
    auto const later = steady_now() + 5000;
    CHECK(it.place->idle(later) >= 4000);
    auto& changes = it.place->changes();
    changes.async_wait(it.home, changes.now(), [](boost::system::error_code) {});
    CHECK(it.place->idle(later) == 0);
    it.publish("x");
    REQUIRE(run_ready(it.home));
    CHECK(it.place->idle(later) >= 4000);
    it.place->touch();
    CHECK(it.place->idle(steady_now()) < 1000);
}
