// The hub: rooms are created by being used, leave nothing behind, and never issue the same id twice.
#include "loop.hpp"
#include "room/logs.hpp"
#include "room/print.hpp"
#include "virtual_time.hpp"
#include <anteroom/room/hub.hpp>

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct house {
    explicit house(milliseconds age = std::chrono::hours(24))
        : options{.history = {.age = age}, .unused_room = milliseconds(0)} {}
    ~house() { run_ready(home); }

    receipt publish(std::string_view room) { return rooms.publish(room, text("x"), home).value(); }
    bool has(std::string_view room) { return static_cast<bool>(rooms.find(room)); }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub_options options;
    hub rooms{shards, options};
};

}  // namespace

TEST_CASE("a room exists while it is used") {
    house it;
    CHECK_FALSE(it.has("kitchen"));
    {
        auto const lease = it.rooms.open("kitchen");
        CHECK(lease->name() == "kitchen");
        CHECK(it.has("kitchen"));
        auto const again = it.rooms.open("kitchen");
        CHECK(again.operator->() == lease.operator->());
        CHECK(it.rooms.find("kitchen").operator->() == lease.operator->());
    }
    // Nothing was published there, so nothing is left of it once it has not been used for a while.
    CHECK(it.has("kitchen"));
    it.rooms.sweep();
    CHECK_FALSE(it.has("kitchen"));
}

TEST_CASE("looking up a room creates none") {
    house it;
    CHECK_FALSE(it.has("kitchen"));
    CHECK_FALSE(it.has("kitchen"));
    bool more = true;
    CHECK(it.rooms.list("", "", 10, more).empty());
    CHECK_FALSE(more);
}

TEST_CASE("an unused room is discarded after its last lease") {
    house it;
    auto first = it.rooms.open("kitchen");
    auto second = it.rooms.open("kitchen");
    first = room_lease();
    it.rooms.sweep();
    CHECK(it.has("kitchen"));
    auto third = std::move(second);
    CHECK_FALSE(second);  // NOLINT: a moved-from lease is empty
    CHECK(it.has("kitchen"));
    third = room_lease();
    it.rooms.sweep();
    CHECK_FALSE(it.has("kitchen"));
}

TEST_CASE("a room with messages stays") {
    house it;
    auto const first = it.publish("kitchen");
    CHECK(first.ids.front().number == 1);
    CHECK(first.subscribers == 0);
    CHECK(it.has("kitchen"));
    it.rooms.sweep();
    CHECK(it.has("kitchen"));
    CHECK(it.publish("kitchen").ids.front() == cursor{first.ids.front().epoch, 2});
}

TEST_CASE("what matters for seconds only is kept for seconds") {
    virtual_time time;
    house it;
    for (auto const* room : {"kitchen", "kitchen:typing", ":typing"})
        it.publish(room);
    auto const kept = [&](std::string_view room) { return it.rooms.find(room)->read({}, 10).messages.size(); };
    time.advance(it.home, std::chrono::seconds(9));
    CHECK(kept("kitchen:typing") == 1);
    time.advance(it.home, std::chrono::seconds(2));
    CHECK(kept("kitchen:typing") == 0);
    CHECK(kept("kitchen") == 1);
    CHECK(kept(":typing") == 1);
}

TEST_CASE("a room that is created again and never had messages continues in the same epoch") {
    house it;
    auto const beginning = it.rooms.beginning("kitchen");
    CHECK_FALSE(beginning.is_origin());
    CHECK(beginning.number == 0);
    for (int i = 0; i < 3; ++i) {
        auto const lease = it.rooms.open("kitchen");
        CHECK(lease->end() == beginning);
        CHECK(lease->read(beginning, 10).empty());
        it.rooms.sweep();
    }
    CHECK(it.rooms.beginning("kitchen") == beginning);
    CHECK(it.publish("kitchen").ids.front() == cursor{beginning.epoch, 1});
}

TEST_CASE("a room with messages that was discarded begins a new epoch") {
    house it(milliseconds(0));
    std::set<std::uint64_t> epochs;
    for (int life = 0; life < 50; ++life) {
        auto const id = it.publish("kitchen").ids.front();
        CHECK(id.number == 1);
        CHECK(epochs.insert(id.epoch).second);
        it.rooms.sweep();
        REQUIRE_FALSE(it.has("kitchen"));
        auto const lease = it.rooms.open("kitchen");
        auto const got = lease->read(id, 10);
        CHECK(got.missed == gap{gap_reason::restarted, std::nullopt});
        CHECK(got.messages.empty());
        CHECK(got.next == lease->end());
    }
}

TEST_CASE("a room in use is not discarded") {
    house it(milliseconds(0));
    auto const id = it.publish("kitchen").ids.front();
    {
        auto const lease = it.rooms.open("kitchen");
        it.rooms.sweep();
        REQUIRE(it.has("kitchen"));
        CHECK_FALSE(lease->read(id, 10).missed);
    }
    it.rooms.sweep();
    CHECK_FALSE(it.has("kitchen"));
}

TEST_CASE("an empty room is remembered for a while, so that its cursors stay valid") {
    house it;
    auto const id = it.publish("kitchen").ids.front();
    it.rooms.find("kitchen")->evict(1'000'000);
    it.rooms.sweep();
    REQUIRE(it.has("kitchen"));
    CHECK(it.rooms.find("kitchen")->read(id, 10).empty());
    CHECK(it.rooms.find("kitchen")->read({id.epoch, 0}, 10).missed == gap{gap_reason::evicted, 1});
}

TEST_CASE("epochs differ from room to room and from hub to hub") {
    house one;
    house two;
    std::set<std::uint64_t> epochs;
    for (int i = 0; i < 1000; ++i) {
        epochs.insert(one.rooms.beginning(std::to_string(i)).epoch);
        epochs.insert(two.rooms.beginning(std::to_string(i)).epoch);
    }
    CHECK(epochs.size() == 2000);
    CHECK(epochs.count(0) == 0);
}
