// Publications that are committed later, to one room or several: in each they are readable in their order.
#include "loop.hpp"
#include "room/logs.hpp"
#include "room/print.hpp"
#include <anteroom/room/hub.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct house {
    explicit house(std::size_t memory = 10'000'000)
        : rooms(shards, {.history = {.messages = 100'000}, .memory = memory, .unused_room = milliseconds(0)}) {}
    ~house() { run_ready(home); }

    std::optional<publication> append(std::vector<std::string_view> const& to, std::size_t count = 1,
                                      std::size_t size = 1) {
        return rooms.append(to, std::vector<draft>(count, text(std::string(size, 'x'))), commitment::later);
    }
    std::vector<std::uint64_t> readable(std::string_view room) {
        return numbers(rooms.find(room)->read({rooms.beginning(room).epoch, 0}, 1000));
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub rooms;
};

}  // namespace

TEST_CASE("a publication is readable in all of its rooms once it is committed") {
    house it;
    auto added = it.append({"a", "b"}, 3);
    REQUIRE(added);
    CHECK(it.readable("a").empty());
    CHECK(it.readable("b").empty());
    CHECK(it.rooms.totals().messages == 0);
    CHECK(it.rooms.published() == 6);
    CHECK(added->commit());
    CHECK(it.readable("a") == range(1, 3));
    CHECK(it.readable("b") == range(1, 3));
    CHECK(it.rooms.totals().messages == 6);
    auto const told = added->announce(it.home);
    REQUIRE(told.ids.size() == 6);
    CHECK(told.ids[2].number == 3);
    CHECK(told.ids[5] == cursor{it.rooms.beginning("b").epoch, 3});
}

TEST_CASE("behind an older publication in one of its rooms, one is readable in the others only") {
    house it;
    auto older = it.append({"b"}, 2);
    auto newer = it.append({"a", "b", "c"}, 2);
    CHECK_FALSE(newer->commit());
    CHECK(it.readable("a") == range(1, 2));
    CHECK(it.readable("b").empty());
    CHECK(it.readable("c") == range(1, 2));
    CHECK(older->commit());
    CHECK(it.readable("b") == range(1, 4));
}

TEST_CASE("two publishers who meet in two rooms, whichever commits first") {
    for (bool const first_commits_first : {true, false}) {
        CAPTURE(first_commits_first);
        house it;
        auto first = it.append({"a", "b"});
        auto second = it.append({"b", "a"});
        auto& one = first_commits_first ? *first : *second;
        auto& other = first_commits_first ? *second : *first;
        CHECK(one.commit() == first_commits_first);
        CHECK(it.readable("a") == range(1, first_commits_first ? 1 : 0));
        CHECK(it.readable("b") == range(1, first_commits_first ? 1 : 0));
        CHECK(other.commit());
        CHECK(it.readable("a") == range(1, 2));
        CHECK(it.readable("b") == range(1, 2));
    }
}

TEST_CASE("a publish at once behind a publication that is not committed is readable with it") {
    house it;
    auto added = it.append({"a"});
    CHECK(it.rooms.publish("a", text("x"), it.home)->ids.front().number == 2);
    CHECK(it.readable("a").empty());
    CHECK(added->commit());
    CHECK(it.readable("a") == range(1, 2));
}

TEST_CASE("a publication to a room that was deleted meanwhile is readable in the others") {
    house it;
    auto added = it.append({"a", "b"});
    it.rooms.drop("a", it.home);
    it.rooms.publish("a", text("new"), it.home);
    CHECK_FALSE(added->commit());
    CHECK(it.readable("a") == range(1, 1));
    CHECK(it.rooms.find("a")->read({}, 10).messages.front()->data() == "new");
    CHECK(it.readable("b") == range(1, 1));
    CHECK(added->announce(it.home).ids.size() == 2);
}

TEST_CASE("an announcement wakes who waits, queued or in place, and says how many") {
    house it;
    int woken = 0;
    auto const a = it.rooms.open("a");
    a->changes().async_wait(it.home, a->changes().now(), [&](boost::system::error_code) { ++woken; });
    auto first = it.append({"a"});
    auto second = it.append({"a"});
    asio::post(it.home.io(), [&] {
        CHECK(first->commit());
        CHECK(second->commit());
        CHECK(first->announce(it.home, wake_up::queued).subscribers == 1);
        CHECK(second->announce(it.home, wake_up::queued).subscribers == 1);
        CHECK(woken == 0);
    });
    REQUIRE(run_ready(it.home));
    CHECK(woken == 1);
    CHECK(a->changes().waiting() == 0);
}

TEST_CASE("a room with a publication that is not committed is not forgotten") {
    house it;
    auto added = it.append({"a"});
    it.rooms.sweep();
    REQUIRE(it.rooms.find("a"));
    CHECK(added->commit());
    CHECK(it.readable("a") == range(1, 1));
}

TEST_CASE("rooms in which nothing is readable do not keep the others from making room") {
    house it(400'000);
    std::vector<publication> pending;
    // More of them than a quarter of all rooms, and each heavier than those in which there is something to evict.
    for (auto const* room : {"a", "b", "c", "d"})
        pending.push_back(it.append({room}, 1, 50'000).value());
    for (auto const* room : {"e", "f"}) {
        for (int i = 0; i < 4; ++i)
            it.rooms.publish(room, text(std::string(10'000, 'x')), it.home);
    }
    CHECK(it.append({"g"}, 1, 150'000));
    CHECK(it.rooms.memory_used() <= it.rooms.memory_limit());
    for (auto& each : pending)
        CHECK(each.commit());
    for (auto const* room : {"a", "b", "c", "d"})
        CHECK(it.readable(room) == range(1, 1));
}
