// What names that are present take of the memory budget, and whose leases end early when that is too much.
#include "loop.hpp"
#include <anteroom/room/presence.hpp>

#include <catch2/catch_test_macros.hpp>

#include <deque>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

constexpr std::size_t budget = 1'000'000;

struct house {
    ~house() { run_ready(home); }

    std::string const& name(int i) {
        names.push_back("somebody whose name is " + std::to_string(i));
        return names.back();
    }
    bool here(std::string_view room, std::string_view who) {
        for (auto const& each : people.list(room)) {
            if (each.name == who)
                return true;
        }
        return false;
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub rooms{shards, {.history = {}, .memory = budget}};
    std::deque<std::string> names;
    presence people{rooms, std::chrono::hours(1)};
};

}  // namespace

TEST_CASE("names are counted in the budget as long as they are present") {
    house it;
    auto const before = it.rooms.memory_used();
    {
        presence brief(it.rooms, milliseconds(0));
        {
            auto const ann = brief.enter("a", "ann", it.home);
            CHECK(brief.bytes() > 0);
            CHECK(brief.names() == 1);
            CHECK(it.rooms.memory_used() >= before + brief.bytes());
        }
        while (brief.names() > 0)
            brief.sweep(it.home);
        CHECK(brief.bytes() == 0);
        auto const bob = brief.enter("a", "bob", it.home);
    }
    it.rooms.find("a:presence")->evict(1'000'000);
    it.rooms.sweep();
    CHECK(it.rooms.memory_used() <= before + 2000);  // the room of joins and leaves
}

TEST_CASE("when names take their share, the oldest leases end, and nobody's who subscribes") {
    house it;
    auto const ann = it.people.enter("a", "ann", it.home);
    for (int i = 0; i < 5000; ++i) {
        REQUIRE(it.people.has_space(it.home));
        it.people.enter("room " + std::to_string(i % 50), it.name(i), it.home);
        REQUIRE(it.people.bytes() <= budget / 8 + 1000);
    }
    CHECK(it.people.names() > 100);
    CHECK(it.people.names() < 1000);
    CHECK(it.here("a", "ann"));
    CHECK(it.here("room 49", it.names.back()));
    CHECK_FALSE(it.here("room 0", it.names.front()));
    // Their leaves are published as others.
    auto const events = it.rooms.find("room 0:presence");
    REQUIRE(events);
    CHECK(events->read({}, 1000).messages.size() > 50);
}

TEST_CASE("when all names subscribe, there is no space for others until one leaves") {
    house it;
    std::vector<presence::stay> stays;
    for (int i = 0; i < 5000 && it.people.has_space(it.home); ++i)
        stays.push_back(it.people.enter("a", it.name(i), it.home));
    CHECK(stays.size() > 100);
    CHECK(stays.size() < 1000);
    CHECK_FALSE(it.people.has_space(it.home));
    stays.pop_back();
    stays.pop_back();
    CHECK(it.people.has_space(it.home));
}

TEST_CASE("names are listed a part at a time") {
    house it;
    std::vector<presence::stay> stays;
    for (int i = 0; i < 10; ++i)
        stays.push_back(it.people.enter("a", it.name(i), it.home));
    auto const first = it.people.list_some("a", 0, 4);
    REQUIRE(first.size() == 4);
    CHECK(first.back().name == it.names[3]);
    auto const rest = it.people.list_some("a", first.back().number, 100);
    REQUIRE(rest.size() == 6);
    CHECK(rest.front().name == it.names[4]);
    CHECK(it.people.list_some("a", rest.back().number, 100).empty());
    CHECK(it.people.list_some("b", 0, 100).empty());
}
