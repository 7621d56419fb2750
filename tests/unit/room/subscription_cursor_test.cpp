// A subscription cursor: the delta of one room or many after its own positions, and how it advances.
#include "room/followers.hpp"
#include "room/print.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;
using list = std::vector<std::string>;

TEST_CASE("a subscription cursor begins where the room ends, or at the given cursor") {
    followed_house it;
    auto const id = it.say("a", "1");
    subscription_cursor from_now;
    from_now.add(it.rooms.open("a"), std::nullopt);
    CHECK(from_now.size() == 1);
    CHECK(from_now.position(0) == id);
    CHECK(from_now.read(10).empty());
    subscription_cursor from_start;
    from_start.add(it.rooms.open("a"), it.beginning("a"));
    CHECK(said(from_start, from_start.read(10)) == list{"a:1"});
    subscription_cursor from_origin;
    from_origin.add(it.rooms.open("a"), cursor{});
    CHECK(said(from_origin, from_origin.read(10)) == list{"a:1"});
    it.say("a", "2");
    CHECK(said(from_now, from_now.read(10)) == list{"a:2"});
}

TEST_CASE("reading does not move the cursor, advancing does") {
    followed_house it;
    subscription_cursor who;
    who.add(it.rooms.open("a"), std::nullopt);
    for (auto const* data : {"1", "2", "3"})
        it.say("a", data);
    auto const found = who.read(10);
    CHECK(said(who, found) == list{"a:1", "a:2", "a:3"});
    CHECK(said(who, who.read(10)) == list{"a:1", "a:2", "a:3"});
    CHECK(who.position(0).number == 0);
    who.advance(found, 0);
    CHECK(who.position(0).number == 0);
    who.advance(found, 2);
    CHECK(who.position(0).number == 2);
    auto const rest = who.read(10);
    CHECK(said(who, rest) == list{"a:3"});
    who.advance(rest, 1);
    CHECK(who.read(10).empty());
    CHECK(who.read(10).empty());
}

TEST_CASE("one read returns a limited number of messages, from one room and from many") {
    followed_house it;
    subscription_cursor one;
    one.add(it.rooms.open("a"), std::nullopt);
    subscription_cursor many;
    for (auto const* room : {"a", "b", "c"})
        many.add(it.rooms.open(room), std::nullopt);
    for (auto const* room : {"a", "b", "c", "a", "b", "c"})
        it.say(room);
    for (std::size_t const limit : {1U, 2U}) {
        CAPTURE(limit);
        CHECK(one.read(limit).messages.size() == limit);
        CHECK(many.read(limit).messages.size() == limit);
    }
    CHECK(one.read(100).messages.size() == 2);
    CHECK(many.read(5).messages.size() == 5);
    CHECK(many.read(100).messages.size() == 6);
}

TEST_CASE("one read returns at most 256 KiB beyond its first message") {
    followed_house it;
    subscription_cursor one;
    one.add(it.rooms.open("a"), std::nullopt);
    subscription_cursor many;
    for (auto const* room : {"a", "b", "c"})
        many.add(it.rooms.open(room), std::nullopt);
    std::string const large(100'000, 'x');
    for (auto const* room : {"a", "b", "c", "a", "b", "c", "a"})
        it.say(room, large);
    CHECK(one.read(100).messages.size() == 2);
    std::size_t received = 0;
    for (int looks = 0; looks < 4; ++looks) {
        auto const found = many.read(100);
        CHECK(found.messages.size() == (looks < 3 ? 2U : 1U));
        received += found.messages.size();
        many.advance(found, found.messages.size());
    }
    CHECK(received == 7);
    it.say("b", std::string(400'000, 'x'));
    CHECK(many.read(100).messages.size() == 1);
}

TEST_CASE("messages of several rooms are merged oldest first, those of one room stay in its order") {
    followed_house it;
    subscription_cursor who;
    for (auto const* room : {"a", "b", "c"})
        who.add(it.rooms.open(room), std::nullopt);
    auto const later = [] {
        auto const now = unix_now();
        while (unix_now() == now)
            continue;
    };
    for (auto const* what : {"c1", "a1", "b1", "b2", "a2", "c2"}) {
        it.say(std::string(1, *what), what);
        later();
    }
    auto const all = who.read(100);
    CHECK(said(who, all) == list{"c:c1", "a:a1", "b:b1", "b:b2", "a:a2", "c:c2"});
    // The oldest come first under a limit too, and the rest follows.
    auto const some = who.read(2);
    CHECK(said(who, some) == list{"c:c1", "a:a1"});
    who.advance(some, 2);
    CHECK(said(who, who.read(3)) == list{"b:b1", "b:b2", "a:a2"});
    CHECK(who.position(0).number == 1);
    CHECK(who.position(1).number == 0);
    CHECK(who.position(2).number == 1);
}

TEST_CASE("a room that has more than its share of a read is read on, in order") {
    followed_house it;
    subscription_cursor who;
    for (auto const* room : {"b", "a", "c"})
        who.add(it.rooms.open(room), std::nullopt);
    list expected;
    for (int i = 0; i < 30; ++i) {
        it.say("a", std::to_string(i));
        expected.push_back("a:" + std::to_string(i));
    }
    auto const then = unix_now();
    while (unix_now() == then)
        continue;
    for (auto const* room : {"b", "c"}) {
        it.say(room, "last");
        expected.push_back(room + std::string(":last"));
    }
    CHECK(said(who, who.read(100)) == expected);
    list found;
    for (auto part = who.read(12); !part.empty(); part = who.read(12)) {
        for (auto const& each : said(who, part))
            found.push_back(each);
        who.advance(part, part.messages.size());
    }
    CHECK(found == expected);
}

TEST_CASE("a gap comes with the messages after it, and is passed with the first of them or alone") {
    followed_house it({.history = {.messages = 2}});
    subscription_cursor who;
    who.add(it.rooms.open("a"), std::nullopt);
    who.add(it.rooms.open("b"), std::nullopt);
    for (auto const* data : {"1", "2", "3", "4", "5"})
        it.say("b", data);
    it.say("a", "1");
    auto const found = who.read(100);
    REQUIRE(found.gaps.size() == 1);
    CHECK(found.gaps.front().what == gap{gap_reason::evicted, 3});
    CHECK(found.gaps.front().place == 1);
    CHECK(found.gaps.front().next == cursor{it.beginning("b").epoch, 3});
    CHECK(found.messages.size() == 3);
    who.advance(found, 0);
    CHECK(who.position(0).number == 0);
    CHECK(who.position(1).number == 3);
    auto const rest = who.read(100);
    CHECK(rest.gaps.empty());
    CHECK(rest.messages.size() == 3);
    who.advance(rest, 3);
    CHECK(who.read(100).empty());
}

TEST_CASE("the gap of a room is reported even if a limit leaves no message of that room") {
    followed_house it({.history = {.messages = 1}});
    subscription_cursor who;
    who.add(it.rooms.open("a"), std::nullopt);
    who.add(it.rooms.open("b"), std::nullopt);
    for (auto const* room : {"a", "a", "b", "b"})
        it.say(room);
    auto const found = who.read(1);
    CHECK(found.gaps.size() == 2);
    CHECK(said(who, found) == list{"a:x"});
    who.advance(found, 1);
    CHECK(who.position(0).number == 2);
    CHECK(who.position(1).number == 1);
    CHECK(said(who, who.read(1)) == list{"b:x"});
}

TEST_CASE("a gap without messages after it is a delta, once") {
    followed_house it;
    subscription_cursor who;
    who.add(it.rooms.open("a"), std::nullopt);
    it.say("a");
    it.rooms.find("a")->evict(1'000'000);
    auto const found = who.read(10);
    REQUIRE(found.gaps.size() == 1);
    CHECK(found.messages.empty());
    CHECK_FALSE(found.empty());
    CHECK(said(who, who.read(10)).empty());
    CHECK_FALSE(who.read(10).empty());  // until the cursor has advanced past it
    who.advance(found, 0);
    CHECK(who.read(10).empty());
}

TEST_CASE("the gap of a deleted room counts the messages that were not read") {
    followed_house it;
    subscription_cursor who;
    who.add(it.rooms.open("a"), std::nullopt);
    who.add(it.rooms.open("b"), std::nullopt);
    for (int i = 0; i < 3; ++i)
        it.say("a");
    who.advance(who.read(1), 1);
    it.rooms.drop("a", it.home);
    auto const found = who.read(10);
    REQUIRE(found.gaps.size() == 1);
    CHECK(found.gaps.front().what == gap{gap_reason::deleted, 2});
    who.advance(found, 0);
    CHECK(who.read(10).empty());
    it.say("a", "new");
    CHECK(said(who, who.read(10)) == list{"a:new"});
}

TEST_CASE("a cursor that the room cannot have issued gives a gap of unknown size") {
    followed_house it;
    auto const id = it.say("a", "1");
    for (auto const at : {cursor{id.epoch + 1, 0}, cursor{id.epoch, 2}}) {
        CAPTURE(at);
        subscription_cursor who;
        who.add(it.rooms.open("a"), at);
        auto const found = who.read(10);
        REQUIRE(found.gaps.size() == 1);
        CHECK(found.gaps.front().what == gap{gap_reason::restarted, std::nullopt});
        CHECK(said(who, found) == list{"a:1"});
        who.advance(found, 1);
        CHECK(who.position(0) == id);
    }
}

TEST_CASE("a subscriber at the origin of an empty room gets the gap of a life that follows and ends") {
    followed_house it;
    subscription_cursor who;
    who.add(it.rooms.open("a"), cursor{});
    CHECK(who.read(10).empty());
    // From here on it has a position that can be lost.
    CHECK(who.position(0) == it.beginning("a"));
    it.say("a");
    it.rooms.drop("a", it.home);
    auto const found = who.read(10);
    REQUIRE(found.gaps.size() == 1);
    CHECK(found.gaps.front().what == gap{gap_reason::deleted, 1});
}
