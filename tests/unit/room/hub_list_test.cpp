// The list of rooms in use: in name order, by prefix, a page at a time.
#include "loop.hpp"
#include "room/logs.hpp"
#include "room/print.hpp"
#include <anteroom/room/hub.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct house {
    ~house() { run_ready(home); }

    std::vector<std::string> list(std::string_view prefix, std::string_view after, std::size_t limit, bool& more) {
        std::vector<std::string> out;
        for (auto& each : rooms.list(prefix, after, limit, more))
            out.push_back(std::move(each.name));
        return out;
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub rooms{shards, {}};
};

}  // namespace

TEST_CASE("rooms are listed in name order, a page at a time") {
    house it;
    for (auto const* name : {"b", "ab", "c", "a", "B", "aa", "\xC3\xA9"})
        it.rooms.publish(name, text("x"), it.home);
    struct row {
        std::string_view prefix;
        std::string_view after;
        std::size_t limit;
        std::vector<std::string> names;
        bool more;
    };
    row const rows[] = {
        {"", "", 100, {"B", "a", "aa", "ab", "b", "c", "\xC3\xA9"}, false},
        {"", "", 7, {"B", "a", "aa", "ab", "b", "c", "\xC3\xA9"}, false},
        {"", "", 6, {"B", "a", "aa", "ab", "b", "c"}, true},
        {"", "", 1, {"B"}, true},
        {"", "c", 6, {"\xC3\xA9"}, false},
        {"", "\xC3\xA9", 6, {}, false},
        {"", "ax", 2, {"b", "c"}, true},
        {"a", "", 100, {"a", "aa", "ab"}, false},
        {"a", "a", 1, {"aa"}, true},
        {"a", "aa", 1, {"ab"}, false},
        {"a", "b", 1, {}, false},
        {"aaa", "", 1, {}, false},
        {"z", "", 1, {}, false},
    };
    for (auto const& [prefix, after, limit, names, more] : rows) {
        CAPTURE(prefix, after, limit);
        bool found_more = !more;
        CHECK(it.list(prefix, after, limit, found_more) == names);
        CHECK(found_more == more);
    }
}

TEST_CASE("paging visits every room once") {
    house it;
    for (int i = 0; i < 500; ++i)
        it.rooms.publish("room " + std::to_string(i), text("x"), it.home);
    std::vector<std::string> met;
    bool more = true;
    while (more) {
        auto const page = it.list("room ", met.empty() ? "" : met.back(), 7, more);
        REQUIRE_FALSE(page.empty());
        met.insert(met.end(), page.begin(), page.end());
    }
    CHECK(met.size() == 500);
    CHECK(std::is_sorted(met.begin(), met.end()));
    CHECK(std::adjacent_find(met.begin(), met.end()) == met.end());
}

TEST_CASE("a room is in use when it has messages or subscribers") {
    house it;
    bool more = false;
    auto const open = it.rooms.open("open");
    it.rooms.publish("empty", text("x"), it.home);
    it.rooms.find("empty")->evict(1'000'000);
    it.rooms.publish("full", text("xy"), it.home);
    auto const waited_in = it.rooms.open("waited in");
    auto& changes = waited_in->changes();
    changes.async_wait(it.home, changes.now(), [](boost::system::error_code) {});

    auto const facts = it.rooms.list("", "", 10, more);
    REQUIRE(facts.size() == 2);
    CHECK(facts[0].name == "full");
    CHECK(facts[0].messages == 1);
    CHECK(facts[0].bytes == message::charge_of(text("xy")));
    CHECK(facts[0].first == facts[0].last);
    CHECK(facts[0].last.number == 1);
    CHECK(facts[0].subscribers == 0);
    CHECK(facts[1].name == "waited in");
    CHECK(facts[1].messages == 0);
    CHECK(facts[1].last == it.rooms.beginning("waited in"));
    CHECK(facts[1].subscribers == 1);
    changes.signal(it.home, {});
    run_ready(it.home);
}

TEST_CASE("a part of the list looks at no more rooms than it was told to, and says where to go on") {
    house it;
    std::vector<room_lease> unused;
    for (int i = 0; i < 100; ++i)
        unused.push_back(it.rooms.open("a" + std::to_string(100 + i)));
    it.rooms.publish("a150x", text("x"), it.home);
    it.rooms.publish("b", text("x"), it.home);
    auto part = it.rooms.list_some("", "", 10, 60);
    CHECK(part.rooms.size() == 1);
    CHECK_FALSE(part.complete);
    CHECK(part.continue_at == "a158");
    part = it.rooms.list_some("", part.continue_at, 9, 60);
    REQUIRE(part.rooms.size() == 1);
    CHECK(part.rooms.front().name == "b");
    CHECK(part.complete);
    CHECK_FALSE(part.more);
    // A prefix that nothing has is found out by looking at nothing.
    CHECK(it.rooms.list_some("a9", "", 10, 1).complete);
    CHECK(it.rooms.list_some("c", "", 10, 1).complete);
}

TEST_CASE("totals are those of all rooms") {
    house it;
    auto const lease = it.rooms.open("a");
    it.rooms.publish("a", text("x"), it.home);
    it.rooms.publish("b", text("x"), it.home);
    auto& changes = lease->changes();
    changes.async_wait(it.home, changes.now(), [](boost::system::error_code) {});
    asio::cancellation_signal stop;
    changes.async_wait(it.home, changes.now(),
                       asio::bind_cancellation_slot(stop.slot(), [](boost::system::error_code) {}));
    CHECK(it.rooms.totals().rooms == 2);
    CHECK(it.rooms.totals().messages == 2);
    CHECK(it.rooms.totals().subscribers == 2);
    stop.emit(asio::cancellation_type::terminal);
    CHECK(it.rooms.totals().subscribers == 1);
    it.rooms.publish("a", text("x"), it.home);
    CHECK(it.rooms.totals().subscribers == 0);
    CHECK(it.rooms.totals().messages == 3);
    it.rooms.find("a")->evict(1'000'000);
    CHECK(it.rooms.totals().messages == 1);
    it.rooms.drop("b", it.home);
    CHECK(it.rooms.totals().messages == 0);
}
