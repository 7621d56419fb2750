// Who is present: a name joins once, stays while it comes back in time, and leaves when its lease has passed.
#include "loop.hpp"
#include <anteroom/room/presence.hpp>

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <thread>

using namespace anteroom;
using namespace anteroom::unit;
using list = std::vector<std::string>;

namespace {

constexpr std::int64_t patience = 20'000;  // ms

struct house {
    explicit house(milliseconds lease = std::chrono::hours(1)) : here(rooms, lease) {}
    ~house() { run_ready(home); }

    presence::stay enter(std::string_view room, std::string_view name) { return here.enter(room, name, home); }
    list present(std::string_view room) {
        list out;
        for (auto& each : here.list(room))
            out.push_back(std::move(each.name));
        return out;
    }
    // The joins and leaves of a room, as they were published.
    list told(std::string_view room) {
        list out;
        auto const place = rooms.find(std::string(room) + ":presence");
        if (place) {
            for (auto const& each : place->read({}, 100).messages) {
                CHECK(each->kind() == content::json);
                out.emplace_back(each->data());
            }
        }
        return out;
    }
    // Sweeps until something is so, for as long as it may take.
    bool comes(std::function<bool()> const& expected) {
        auto const begun = steady_now();
        while (!expected()) {
            if (steady_now() - begun > patience)
                return false;
            std::this_thread::sleep_for(milliseconds(2));
            here.sweep(home);
        }
        return true;
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub rooms{shards, {}};
    presence here;
};

std::string event(std::string_view what, std::string_view who) {
    return R"({"event":")" + std::string(what) + R"(","as":")" + std::string(who) + R"("})";
}

}  // namespace

TEST_CASE("a name joins with its first subscription") {
    house it;
    CHECK(it.present("a").empty());
    CHECK_FALSE(it.rooms.find("a:presence"));
    auto const before = unix_now();
    auto const ann = it.enter("a", "ann");
    CHECK(it.present("a") == list{"ann"});
    CHECK(it.told("a") == list{event("join", "ann")});
    auto const since = it.here.list("a").front().since;
    CHECK(since >= before);
    CHECK(since <= unix_now());
    // In that room only.
    CHECK(it.present("b").empty());
    CHECK(it.told("b").empty());
    CHECK_FALSE(it.rooms.find("a"));
    it.here.sweep(it.home);
    CHECK(it.present("a") == list{"ann"});
}

TEST_CASE("a name with several subscriptions is there once, until the last has ended and the lease has passed") {
    house it(milliseconds(1));
    auto one = it.enter("a", "ann");
    auto two = it.enter("a", "ann");
    CHECK(it.present("a") == list{"ann"});
    one = presence::stay();
    // Longer than the lease: another leaves in the meantime.
    {
        auto const bob = it.enter("a", "bob");
    }
    REQUIRE(it.comes([&] { return it.told("a").size() == 3; }));
    CHECK(it.present("a") == list{"ann"});
    two = presence::stay();
    REQUIRE(it.comes([&] { return it.present("a").empty(); }));
    CHECK(it.told("a") ==
          list{event("join", "ann"), event("join", "bob"), event("leave", "bob"), event("leave", "ann")});
}

TEST_CASE("who polls again within the lease has not left") {
    house it(milliseconds(300));
    std::int64_t longest = 0;  // without a subscription
    auto const begun = steady_now();
    auto away_since = begun;
    while (steady_now() - begun < 1000) {
        {
            auto const poll = it.enter("a", "ann");
            longest = std::max(longest, steady_now() - away_since);
            it.here.sweep(it.home);
        }
        away_since = steady_now();
        it.here.sweep(it.home);
        std::this_thread::sleep_for(milliseconds(1));
    }
    if (longest < 250)  // else the machine was away, and the name may be too
        CHECK(it.told("a") == list{event("join", "ann")});
    REQUIRE(it.comes([&] { return it.present("a").empty(); }));
    CHECK(steady_now() - away_since >= 290);  // by a clock that is exact to some 4 ms
    CHECK(it.told("a").back() == event("leave", "ann"));
}

TEST_CASE("who has left joins anew") {
    house it(milliseconds(1));
    for (int i = 0; i < 3; ++i) {
        {
            auto const poll = it.enter("a", "ann");
        }
        REQUIRE(it.comes([&] { return it.present("a").empty(); }));
    }
    CHECK(it.told("a") == list{event("join", "ann"), event("leave", "ann"), event("join", "ann"), event("leave", "ann"),
                               event("join", "ann"), event("leave", "ann")});
}

TEST_CASE("those are first who came first, and names that came at once stand in their order") {
    house it;
    std::vector<presence::stay> stays;
    for (auto const* name : {"zoe", "ann", "bob"}) {
        stays.push_back(it.enter("a", name));
        auto const now = unix_now();
        while (unix_now() == now)
            continue;
    }
    CHECK(it.present("a") == list{"zoe", "ann", "bob"});
    stays.push_back(it.enter("a", "zoe"));
    CHECK(it.present("a") == list{"zoe", "ann", "bob"});
}

TEST_CASE("a name is told as JSON, whatever is in it") {
    house it;
    auto const who = it.enter("a", "\"q\" \\ \xC3\xA9");
    CHECK(it.told("a") == list{"{\"event\":\"join\",\"as\":\"\\\"q\\\" \\\\ \xC3\xA9\"}"});
}

TEST_CASE("rooms are apart, and one name may be in many") {
    house it(milliseconds(1));
    auto in_a = it.enter("a", "ann");
    auto in_b = it.enter("b", "ann");
    in_a = presence::stay();
    REQUIRE(it.comes([&] { return it.present("a").empty(); }));
    CHECK(it.present("b") == list{"ann"});
    CHECK(it.told("b") == list{event("join", "ann")});
}

TEST_CASE("a stay that is moved ends once") {
    house it(milliseconds(1));
    presence::stay kept;
    {
        auto first = it.enter("a", "ann");
        kept = std::move(first);
        presence::stay const second(std::move(kept));
        kept = presence::stay();
        it.here.sweep(it.home);
        CHECK(it.present("a") == list{"ann"});
        auto const bob = it.enter("b", "bob");
    }
    REQUIRE(it.comes([&] { return it.present("a").empty() && it.present("b").empty(); }));
    CHECK(it.told("a") == list{event("join", "ann"), event("leave", "ann")});
}

TEST_CASE("whoever follows the joins and leaves is woken by them") {
    house it(milliseconds(1));
    auto const place = it.rooms.open("a:presence");
    int woken = 0;
    auto const wait = [&] { place->changes().async_wait(it.home, place->changes().now(), [&](boost::system::error_code) { ++woken; }); };
    wait();
    auto ann = it.enter("a", "ann");
    REQUIRE(run_ready(it.home));
    CHECK(woken == 1);
    wait();
    auto again = it.enter("a", "ann");
    REQUIRE(run_ready(it.home));
    CHECK(woken == 1);
    ann = presence::stay();
    again = presence::stay();
    REQUIRE(it.comes([&] { return it.present("a").empty(); }));
    REQUIRE(run_ready(it.home));
    CHECK(woken == 2);
}

TEST_CASE("who is present when the server goes is let go with it") {
    house it(milliseconds(1));
    {
        presence other(it.rooms, std::chrono::hours(1));
        auto const stays = std::array{other.enter("a", "ann", it.home), other.enter("a", "bob", it.home)};
    }
    CHECK(it.told("a").size() == 2);
}
