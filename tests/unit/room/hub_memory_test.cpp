// One memory budget over all rooms: the hub stays within it, and evicts first what has been unread in large rooms.
#include "loop.hpp"
#include "room/logs.hpp"
#include "room/print.hpp"
#include <anteroom/room/hub.hpp>

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <random>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct house {
    explicit house(std::size_t memory)
        : rooms(shards, {.history = {.messages = 100'000}, .memory = memory, .unused_room = milliseconds(0)}) {}
    ~house() { run_ready(home); }

    receipt publish(std::string_view room, std::size_t size) {
        return rooms.publish(room, text(std::string(size, 'x')), home).value();
    }
    std::size_t bytes(std::string_view room) {
        auto const found = rooms.find(room);
        return found ? found->bytes() : 0;
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub rooms;
};

encoding encode(message const& of) {
    return {std::string(of.data()) + std::string(of.data()), {}};
}

}  // namespace

TEST_CASE("all rooms together stay within the budget") {
    constexpr std::size_t budget = 200'000;
    constexpr std::size_t a_room = 2000;  // one that is created for a message may exceed the budget
    house it(budget);
    std::mt19937 random(3);
    for (int i = 0; i < 5000; ++i) {
        auto const name = std::to_string(random() % 40);
        auto const size = random() % 3000;
        auto const id = it.publish(name, size).ids.front();
        REQUIRE(it.rooms.memory_used() <= budget + a_room);
        // Readers request wire forms, which count too.
        auto const lease = it.rooms.find(name);
        for (auto const& each : lease->read({id.epoch, id.number - 1}, 1).messages)
            each->wire(wire_form::framed, encode);
    }
    CHECK(it.rooms.memory_used() > budget / 2);
}

TEST_CASE("a message that can never fit is rejected, and evicts no others") {
    house it(20'000);
    for (int i = 0; i < 10; ++i)
        it.publish("kitchen", 500);
    auto const before = it.bytes("kitchen");
    CHECK_FALSE(it.rooms.publish("kitchen", text(std::string(50'000, 'x')), it.home));
    CHECK_FALSE(it.rooms.publish("garden", text(std::string(50'000, 'x')), it.home));
    CHECK(it.bytes("kitchen") == before);
    CHECK(it.bytes("garden") == 0);
    auto const large = text(std::string(15'000, 'x'));
    CHECK(it.rooms.fits_at_all(1, {&large, 1}));
    CHECK_FALSE(it.rooms.fits_at_all(2, {&large, 1}));
    CHECK(it.publish("kitchen", 1).ids.front().number == 11);
}

TEST_CASE("what readers hold is not evicted from other rooms, and publishes are refused until it is released") {
    house it(100'000);
    for (int i = 0; i < 10; ++i)
        it.publish("kitchen", 5000);
    for (int i = 0; i < 10; ++i)
        it.publish("garden", 100);
    auto held = it.rooms.find("kitchen")->read({}, 100);
    it.rooms.find("kitchen")->evict(1'000'000);
    auto const before = it.bytes("garden");
    // A few more fit into the half of the budget that no reader holds, and then no more.
    std::size_t given = 0;
    std::size_t refused = 0;
    for (int i = 0; i < 100; ++i)
        ++(it.rooms.publish("garden", text(std::string(60'000, 'x')), it.home) ? given : refused);
    CHECK(given == 0);
    CHECK(refused == 100);
    CHECK(it.rooms.memory_used() <= 100'000);
    CHECK(it.bytes("garden") == before);
    held = {};
    CHECK(it.rooms.publish("garden", text(std::string(60'000, 'x')), it.home));
}

TEST_CASE("large rooms are evicted from before small ones, which nearly always keep everything") {
    house it(1'000'000);
    for (int i = 0; i < 20; ++i)
        it.publish("small " + std::to_string(i), 100);
    for (int i = 0; i < 2000; ++i)
        it.publish("large", 1000);
    for (int i = 0; i < 20; ++i) {
        CAPTURE(i);
        CHECK(it.bytes("small " + std::to_string(i)) > 0);
    }
    CHECK(it.bytes("large") > 300'000);
}

TEST_CASE("among similar rooms, those with waiters are evicted from last") {
    house it(1'000'000);
    for (auto const* room : {"idle", "waited in"}) {
        for (int i = 0; i < 400; ++i)
            it.publish(room, 1000);
    }
    auto const lease = it.rooms.open("waited in");
    auto& changes = lease->changes();
    changes.async_wait(it.home, changes.now(), [](boost::system::error_code) {});
    // Time passes: a room that is not used ages, one with waiters does not.
    auto const begun = steady_now();
    while (steady_now() - begun < 20)
        continue;
    auto const before = it.bytes("waited in");
    CHECK(it.bytes("idle") == before);
    it.publish("new", 200'000);
    CHECK(it.rooms.memory_used() <= 1'000'000);
    CHECK(it.bytes("idle") < before);
    CHECK(it.bytes("waited in") == before);
    CHECK(it.bytes("new") > 0);
    changes.signal(it.home, {});
    run_ready(it.home);
}

TEST_CASE("the account is balanced when everything is gone") {
    house it(1'000'000);
    for (int i = 0; i < 100; ++i)
        it.publish(std::to_string(i % 7), 100);
    {
        auto const lease = it.rooms.find("3");
        for (auto const& each : lease->read({}, 100).messages)
            each->wire(wire_form::raw_head, encode);
    }
    CHECK(it.rooms.memory_used() > 0);
    std::size_t rooms_alone = it.rooms.memory_used();
    for (int i = 0; i < 7; ++i) {
        rooms_alone -= it.bytes(std::to_string(i));
        it.rooms.find(std::to_string(i))->evict(1'000'000);
    }
    // The wire forms were counted too, and are gone as well.
    CHECK(it.rooms.memory_used() < rooms_alone);
    CHECK(it.rooms.memory_used() >= 7 * sizeof(room));
    CHECK(it.rooms.memory_used() <= 7 * 3000);
}

TEST_CASE("rooms count against the budget like messages, until they are discarded") {
    house it(1'000'000);
    CHECK(it.rooms.memory_used() == 0);
    {
        auto const lease = it.rooms.open("kitchen");
        CHECK(it.rooms.memory_used() >= sizeof(room));
    }
    it.rooms.sweep();
    CHECK(it.rooms.memory_used() == 0);
    // Far more rooms than the budget allows: those that have become empty are discarded.
    for (int i = 0; i < 20'000; ++i)
        it.publish("room " + std::to_string(i), 1);
    CHECK(it.rooms.memory_used() <= 1'002'000);
    CHECK(it.bytes("room 19999") > 0);
    CHECK_FALSE(it.rooms.find("room 0"));
}

TEST_CASE("rooms that were only touched make way for those that others need") {
    house it(1'000'000);
    std::vector<room_lease> held;
    std::size_t refused = 0;
    for (int i = 0; i < 10'000; ++i) {
        auto const name = std::to_string(i);
        if (it.rooms.may_open_more())
            it.rooms.open(name);
        else
            ++refused;
        CAPTURE(i);
        REQUIRE(it.rooms.memory_used() <= 300'000);
    }
    CHECK(refused == 0);
    // What is held does not, and then there are no others.
    for (int i = 0; i < 10'000 && it.rooms.may_open_more(); ++i)
        held.push_back(it.rooms.open("held " + std::to_string(i)));
    CHECK(held.size() > 100);
    CHECK_FALSE(it.rooms.may_open_more());
    CHECK(it.rooms.memory_used() <= 300'000);
    for (auto const& each : held)
        CHECK(it.rooms.find(each->name()));
    held.pop_back();
    // It may take some looking to find the one that is free.
    int tries = 0;
    while (!it.rooms.may_open_more() && tries < 1000)
        ++tries;
    CHECK(tries < 1000);
}

TEST_CASE("with far more rooms than are weighed at a time, those that have something are found") {
    house it(40'000'000);
    std::vector<room_lease> held;
    for (int i = 0; i < 20'000; ++i)
        held.push_back(it.rooms.open("held " + std::to_string(i)));
    auto const left = 40'000'000 - it.rooms.memory_used();
    std::size_t const each = 10'000;
    // Into one room among those that have nothing to give.
    for (std::size_t i = 0; i < 3 * left / each; ++i)
        REQUIRE(it.rooms.publish("held 7", text(std::string(each, 'x')), it.home));
    CHECK(it.rooms.memory_used() <= 40'000'000);
}

TEST_CASE("small rooms make way for others, however many shards each of them has a place for") {
    std::vector<std::unique_ptr<shard>> shards;
    std::vector<shard*> places;
    for (std::size_t i = 0; i < 32; ++i)
        places.push_back(shards.emplace_back(std::make_unique<shard>(i)).get());
    hub rooms(places, {.history = {}, .memory = 2'000'000, .unused_room = milliseconds(0)});
    for (int i = 0; i < 3000; ++i) {
        CAPTURE(i);
        REQUIRE(rooms.publish(std::to_string(i), text("x"), *places.front()));
    }
    CHECK(rooms.room_count() > 100);
    for (auto* each : places)
        run_ready(*each);
}
