// A room whose messages are committed later: who waits is not woken by an append or a commit, and then finds them.
#include "loop.hpp"
#include "room/logs.hpp"
#include "room/print.hpp"
#include <anteroom/room/room.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct kitchen {
    message_ids append(std::size_t count, commitment when = commitment::later) {
        message_ids ids;
        std::vector<new_message_ptr> made;
        for (std::size_t i = 0; i < count; ++i)
            made.push_back(message::make(text("x"), meter));
        place->append(made, unix_now(), ids, when);
        return ids;
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    history_limits limits{.messages = 3};
    memory_meter meter;
    std::shared_ptr<room> place = std::make_shared<room>("kitchen", 7, shards, limits, meter);
};

}  // namespace

TEST_CASE("a room ends where what is readable ends") {
    kitchen it;
    auto const ids = it.append(2);
    CHECK(ids.back() == cursor{7, 2});
    CHECK(it.place->end() == cursor{7, 0});
    CHECK(it.place->ends_at({7, 0}));
    CHECK(it.place->messages() == 0);
    CHECK(it.place->bytes() == 2 * message::charge_of(text("x")));
    CHECK(it.place->ever_published());
    CHECK_FALSE(it.place->is_empty());
    CHECK(it.place->evict(1'000'000) == 0);
    auto facts = it.place->facts();
    CHECK(facts.messages == 0);
    CHECK(facts.last == cursor{7, 0});
    CHECK(it.place->commit(ids.front(), ids.back()));
    CHECK(it.place->end() == cursor{7, 2});
    CHECK_FALSE(it.place->ends_at({7, 0}));
    CHECK(it.place->ends_at({7, 2}));
    CHECK(it.place->messages() == 2);
    facts = it.place->facts();
    CHECK(facts.messages == 2);
    CHECK(facts.first == cursor{7, 1});
    CHECK(facts.last == cursor{7, 2});
}

TEST_CASE("who waits is woken by the announcement, and finds what was committed") {
    kitchen it;
    std::vector<std::uint64_t> found;
    auto& changes = it.place->changes();
    changes.async_wait(it.home, changes.now(),
                       [&](boost::system::error_code) { found = numbers(it.place->read({7, 0}, 10)); });
    auto const first = it.append(1);
    auto const second = it.append(1);
    CHECK_FALSE(it.place->commit(second.front(), second.back()));
    REQUIRE(run_ready(it.home));
    CHECK(changes.waiting() == 1);
    CHECK(it.place->commit(first.front(), first.back()));
    REQUIRE(run_ready(it.home));
    CHECK(changes.waiting() == 1);
    CHECK(it.place->wake(it.home) == 1);
    REQUIRE(run_ready(it.home));
    CHECK(found == range(1, 2));
}

TEST_CASE("a wake-up for what is not readable yet costs a look and loses nothing") {
    kitchen it;
    std::vector<std::size_t> found;
    auto& changes = it.place->changes();
    std::function<void()> const wait = [&] {
        auto const seen = changes.now();
        found.push_back(it.place->read({7, 0}, 10).messages.size());
        if (found.back() == 0)
            changes.async_wait(it.home, seen, [&](boost::system::error_code) { wait(); });
    };
    wait();
    auto const first = it.append(1);
    auto const second = it.append(1);
    CHECK_FALSE(it.place->commit(second.front(), second.back()));
    CHECK(it.place->wake(it.home) == 1);
    REQUIRE(run_ready(it.home));
    CHECK(found == std::vector<std::size_t>{0, 0});
    CHECK(it.place->commit(first.front(), first.back()));
    CHECK(it.place->wake(it.home) == 1);
    REQUIRE(run_ready(it.home));
    CHECK(found == std::vector<std::size_t>{0, 0, 2});
}

TEST_CASE("a queued wake-up comes in a later turn, with all that was announced meanwhile") {
    kitchen it;
    std::vector<std::uint64_t> found;
    auto& changes = it.place->changes();
    changes.async_wait(it.home, changes.now(),
                       [&](boost::system::error_code) { found = numbers(it.place->read({7, 0}, 10)); });
    asio::post(it.home.io(), [&] {
        for (int i = 0; i < 3; ++i) {
            it.append(1, commitment::immediate);
            CHECK(it.place->wake(it.home, wake_up::queued) == 1);
        }
        CHECK(found.empty());
    });
    REQUIRE(run_ready(it.home));
    CHECK(found == range(1, 3));
}

TEST_CASE("a commit keeps to the limits of the room") {
    kitchen it;
    it.append(3, commitment::immediate);
    auto const ids = it.append(5);
    CHECK(it.place->messages() == 3);
    CHECK(it.place->commit(ids.front(), ids.back()));
    CHECK(it.place->messages() == 3);
    CHECK(numbers(it.place->read({7, 5}, 10)) == range(6, 8));
    CHECK(it.place->bytes() == 3 * message::charge_of(text("x")));
}

TEST_CASE("a room that was deleted meanwhile has nothing to commit") {
    kitchen it;
    auto const ids = it.append(1);
    it.place->restart(8);
    CHECK_FALSE(it.place->commit(ids.front(), ids.back()));
    CHECK(it.place->end() == cursor{8, 0});
    CHECK(it.place->is_empty());
}
