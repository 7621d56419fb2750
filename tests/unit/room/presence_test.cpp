// Presence: a name joins once, stays while it returns in time, and leaves when its lease has expired.
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
    // Sweeps until a condition holds, with a generous timeout.
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

TEST_CASE("a name with several subscriptions is present once, until the last has ended and the lease has expired") {
    house it(milliseconds(1));
    auto one = it.enter("a", "ann");
    auto two = it.enter("a", "ann");
    CHECK(it.present("a") == list{"ann"});
    one = presence::stay();
    // Longer than the lease: another name leaves in the meantime.
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

TEST_CASE("a name that polls again within the lease has not left") {
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
    if (longest < 250)  // otherwise the machine was suspended, and the name may have left
        CHECK(it.told("a") == list{event("join", "ann")});
    REQUIRE(it.comes([&] { return it.present("a").empty(); }));
    CHECK(steady_now() - away_since >= 290);  // the clock is accurate to about 4 ms
    CHECK(it.told("a").back() == event("leave", "ann"));
}

TEST_CASE("a name that has left joins again") {
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

TEST_CASE("names are listed in the order of joining") {
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

TEST_CASE("a name is published as JSON, whatever its characters") {
    house it;
    auto const who = it.enter("a", "\"q\" \\ \xC3\xA9");
    CHECK(it.told("a") == list{"{\"event\":\"join\",\"as\":\"\\\"q\\\" \\\\ \xC3\xA9\"}"});
}

TEST_CASE("rooms are independent, and one name may be in many") {
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

TEST_CASE("subscribers to joins and leaves are woken by them") {
    house it(milliseconds(1));
    auto const place = it.rooms.open("a:presence");
    int woken = 0;
    auto const wait = [&] {
        place->changes().async_wait(it.home, place->changes().now(), [&](boost::system::error_code) { ++woken; });
    };
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

TEST_CASE("names that are present are released when the server is destroyed") {
    house it(milliseconds(1));
    {
        presence other(it.rooms, std::chrono::hours(1));
        auto const stays = std::array{other.enter("a", "ann", it.home), other.enter("a", "bob", it.home)};
    }
    CHECK(it.told("a").size() == 2);
}
