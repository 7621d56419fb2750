// The list of rooms in use: in name order, by prefix, a page at a time.
#include "loop.hpp"
#include "room/logs.hpp"
#include "room/print.hpp"
#include <anteroom/room/hub.hpp>

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
