// Publishing to several rooms at once and in batches, all or nothing; and deleting.
#include "loop.hpp"
#include "room/logs.hpp"
#include "room/print.hpp"
#include <anteroom/room/hub.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <set>
#include <thread>
#include <utility>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct house {
    explicit house(std::size_t memory = 10'000'000) : rooms(shards, {.history = {}, .memory = memory}) {}
    ~house() { run_ready(home); }

    std::optional<publication> append(std::vector<std::string_view> const& to, std::size_t count,
                                      std::size_t size = 1) {
        std::vector<draft> what;
        for (std::size_t i = 0; i < count; ++i)
            what.push_back(text(std::to_string(i) + std::string(size, 'x')));
        return rooms.append(to, what);
    }
    std::uint64_t last(std::string_view room) {
        auto const found = rooms.find(room);
        return found ? found->end().number : 0;
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub rooms;
};

}  // namespace

TEST_CASE("a message for several rooms has an id in each") {
    house it;
    it.rooms.publish("b", text("before"), it.home);
    auto added = it.append({"a", "b"}, 1);
    REQUIRE(added);
    auto const before = unix_now();
    auto const told = added->announce(it.home);
    REQUIRE(told.ids.size() == 2);
    CHECK(told.ids[0] == cursor{it.rooms.beginning("a").epoch, 1});
    CHECK(told.ids[1] == cursor{it.rooms.beginning("b").epoch, 2});
    CHECK(told.time <= before);
    CHECK(told.time > before - 60'000);
    for (auto const* room : {"a", "b"}) {
        auto const all = it.rooms.find(room)->read({}, 10);
        CHECK(all.messages.back()->data() == "0x");
        CHECK(all.messages.back()->time() == told.time);
    }
}

TEST_CASE("the messages of a batch are adjacent and in order, in each room") {
    house it;
    auto const told = it.append({"a", "b"}, 3).value().announce(it.home);
    REQUIRE(told.ids.size() == 6);
    for (std::size_t i = 0; i < 6; ++i)
        CHECK(told.ids[i].number == i % 3 + 1);
    CHECK(told.ids[0].epoch == it.rooms.beginning("a").epoch);
    CHECK(told.ids[3].epoch == it.rooms.beginning("b").epoch);
    for (auto const* room : {"a", "b"}) {
        auto const got = it.rooms.find(room)->read({}, 10);
        CHECK(numbers(got) == range(1, 3));
        for (std::size_t i = 0; i < 3; ++i)
            CHECK(got.messages[i]->data() == std::to_string(i) + "x");
    }
}

TEST_CASE("if memory does not suffice for all rooms, nothing is appended to any") {
    house it(20'000);
    it.rooms.publish("a", text("before"), it.home);
    CHECK_FALSE(it.append({"a", "b", "c"}, 1, 8000));
    CHECK_FALSE(it.append({"a"}, 5, 8000));
    CHECK(it.last("a") == 1);
    CHECK(it.last("b") == 0);
    CHECK_FALSE(it.rooms.find("b"));
    CHECK(it.append({"a", "b"}, 1, 6000));
    CHECK(it.last("a") == 2);
}

TEST_CASE("a waiter on several of the rooms is counted in the first, since it is awake when the second is signalled") {
    house it;
    auto const a = it.rooms.open("a");
    auto const b = it.rooms.open("b");
    int woken = 0;
    a->changes().async_wait(it.home, a->changes().now(), [&](boost::system::error_code) { ++woken; });
    b->changes().async_wait(it.home, b->changes().now(), [&](boost::system::error_code) { ++woken; });
    auto added = it.append({"a", "b"}, 2);
    CHECK(a->changes().waiting() == 1);
    REQUIRE(run_ready(it.home));
    CHECK(woken == 0);
    CHECK(added->announce(it.home).subscribers == 2);
    REQUIRE(run_ready(it.home));
    CHECK(woken == 2);
}

TEST_CASE("a publication keeps its rooms in use until it is announced") {
    house it;
    {
        auto added = it.append({"a"}, 1);
        it.rooms.find("a")->evict(1'000'000);
        CHECK(it.rooms.find("a"));
    }
    CHECK(it.last("a") == 1);
}

TEST_CASE("a deleted room is empty, continues in a new epoch, and never in an earlier one") {
    house it;
    std::set<std::uint64_t> epochs;
    for (std::uint64_t life = 0; life < 20; ++life) {
        auto const told = it.append({"a"}, 3).value().announce(it.home);
        CHECK(told.ids.front().number == 1);
        CHECK(epochs.insert(told.ids.front().epoch).second);
        it.rooms.drop("a", it.home);
        auto const place = it.rooms.find("a");
        REQUIRE(place);
        CHECK(place->is_empty());
        CHECK(place->bytes() == 0);
        auto const got = place->read(told.ids[1], 10);
        CHECK(got.missed == gap{gap_reason::deleted, 1});
        CHECK(got.next == place->end());
        CHECK_FALSE(place->ends_at(told.ids.back()));
        CHECK(place->ends_at(got.next));
    }
}

TEST_CASE("deleting a room that is not in use has no effect") {
    house it;
    auto const beginning = it.rooms.beginning("a");
    it.rooms.drop("a", it.home);
    CHECK_FALSE(it.rooms.find("a"));
    CHECK(it.rooms.beginning("a") == beginning);
}

TEST_CASE("concurrent deletions on two threads never issue an id twice") {
    constexpr int times = 20'000;
    shard first{0};
    shard second{1};
    std::array<shard*, 2> const shards{&first, &second};
    hub rooms(shards, {});
    std::array<std::vector<cursor>, 2> given;
    std::atomic<int> ready = 0;
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < 2; ++i) {
            threads.emplace_back([&, i] {
                ++ready;
                while (ready < 2)
                    std::this_thread::yield();
                for (int n = 0; n < times; ++n) {
                    rooms.drop("a", *shards[i]);
                    given[i].push_back(rooms.publish("a", text("x"), *shards[i]).value().ids.front());
                }
            });
        }
    }
    std::set<std::pair<std::uint64_t, std::uint64_t>> all;
    std::size_t twice = 0;
    for (auto const& each : given) {
        for (auto const& id : each)
            twice += !all.emplace(id.epoch, id.number).second;
    }
    CHECK(twice == 0);
}
