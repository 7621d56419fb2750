// How a subscription cursor waits: for a change in any of its rooms since its last read; however the wait ends, the
// counts stay exact.
#include "room/followers.hpp"
#include "room/print.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <optional>

using namespace anteroom;
using namespace anteroom::unit;
using list = std::vector<std::string>;

namespace {

std::vector<std::string> names(std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back("room " + std::to_string(i));
    return out;
}

// A subscription to some rooms that reads, finds nothing, and waits.
struct waiting_follower {
    waiting_follower(followed_house& in, std::vector<std::string> const& rooms) : house(in) {
        for (auto const& each : rooms)
            places.add(in.rooms.open(each), std::nullopt);
    }

    void wait() {
        places.async_wait(house.home,
                          asio::bind_cancellation_slot(cancel.slot(), [this](boost::system::error_code how) {
                              ++(!how ? signalled : cancelled);
                          }));
    }
    void look_and_wait() {
        CHECK(places.read(10).empty());
        wait();
    }
    std::size_t counted() const {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < places.size(); ++i)
            sum += places.room_at(i).changes().waiting();
        return sum;
    }

    followed_house& house;
    subscription_cursor places;
    asio::cancellation_signal cancel;
    int signalled = 0;
    int cancelled = 0;
};

asio::awaitable<void, executor> follow(followed_house& in, subscription_cursor& who, std::size_t count,
                                       list& received) {
    while (received.size() < count) {
        auto const found = who.read(3);
        if (found.empty()) {
            co_await who.async_wait(in.home, asio::deferred);
            continue;
        }
        for (auto const& each : said(who, found))
            received.push_back(each);
        who.advance(found, found.messages.size());
    }
}

void rethrow(std::exception_ptr failure) {
    if (failure)
        std::rethrow_exception(failure);
}

}  // namespace

TEST_CASE("a wait is ended by any of the rooms, and counted in all of them until then") {
    for (std::size_t const count : {1U, 2U, 20U, 100U}) {
        CAPTURE(count);
        followed_house it;
        auto const rooms = names(count);
        waiting_follower who(it, rooms);
        for (std::size_t i = 0; i < count; ++i) {
            CAPTURE(i);
            who.look_and_wait();
            REQUIRE(who.counted() == count);
            auto const told = it.rooms.publish(rooms[i], {content::text, "x", {}}, it.home);
            REQUIRE(told.value().subscribers == 1);
            REQUIRE(it.run());
            REQUIRE(who.signalled == static_cast<int>(i) + 1);
            REQUIRE(who.counted() == 0);
            auto const found = who.places.read(10);
            REQUIRE(said(who.places, found) == list{rooms[i] + ":x"});
            who.places.advance(found, 1);
        }
        CHECK(who.cancelled == 0);
    }
}

TEST_CASE("a publish between the read and the wait ends the wait at once") {
    for (std::size_t const count : {1U, 5U}) {
        for (std::size_t changed = 0; changed < count; ++changed) {
            CAPTURE(count, changed);
            followed_house it;
            auto const rooms = names(count);
            waiting_follower who(it, rooms);
            CHECK(who.places.read(10).empty());
            it.say(rooms[changed]);
            who.wait();
            CHECK(who.signalled == 0);
            CHECK(who.counted() == 0);
            REQUIRE(it.run());
            CHECK(who.signalled == 1);
            CHECK(who.counted() == 0);
        }
    }
}

TEST_CASE("a wait is cancelled, and leaves all rooms") {
    for (std::size_t const count : {1U, 5U}) {
        CAPTURE(count);
        followed_house it;
        auto const rooms = names(count);
        waiting_follower who(it, rooms);
        who.look_and_wait();
        who.cancel.emit(asio::cancellation_type::terminal);
        CHECK(who.counted() == 0);
        REQUIRE(it.run());
        CHECK(who.cancelled == 1);
        for (auto const& each : rooms)
            CHECK(it.rooms.publish(each, {content::text, "x", {}}, it.home).value().subscribers == 0);
        REQUIRE(it.run());
        CHECK(who.signalled == 0);
        CHECK(who.places.read(10).messages.size() == count);
    }
}

TEST_CASE("one publish to all of the rooms ends the wait once") {
    followed_house it;
    auto const rooms = names(5);
    waiting_follower who(it, rooms);
    who.look_and_wait();
    std::vector<std::string_view> const all(rooms.begin(), rooms.end());
    std::vector<draft> what(1);
    what.front().data = "x";
    auto added = it.rooms.append(all, what);
    REQUIRE(added);
    CHECK(who.counted() == 5);  // none has been woken yet
    asio::post(it.home.io(), [&] { CHECK(added->announce(it.home).ids.size() == 5); });
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
    CHECK(who.counted() == 0);
    CHECK(who.places.read(10).messages.size() == 5);
}

TEST_CASE("a deletion wakes waiters") {
    followed_house it;
    waiting_follower who(it, {"a", "b"});
    who.look_and_wait();
    it.rooms.drop("b", it.home);
    REQUIRE(it.run());
    CHECK(who.signalled == 1);
    CHECK(who.counted() == 0);
    auto const found = who.places.read(10);
    REQUIRE(found.gaps.size() == 1);
    CHECK(found.gaps.front().what == gap{gap_reason::deleted, 0});
    CHECK(found.gaps.front().place == 1);
    who.places.advance(found, 0);
    who.look_and_wait();
    CHECK(who.counted() == 2);
    who.cancel.emit(asio::cancellation_type::terminal);
}

TEST_CASE("a wait that ends in place finds all rooms of the publish") {
    followed_house it;
    subscription_cursor who;
    auto const rooms = names(4);
    for (auto const& each : rooms)
        who.add(it.rooms.open(each), std::nullopt);
    list received;
    asio::co_spawn(it.home.get_executor(), follow(it, who, 40, received), rethrow);
    REQUIRE(it.run());
    std::vector<std::string_view> const all(rooms.begin(), rooms.end());
    for (int i = 0; i < 10; ++i) {
        asio::post(it.home.io(), [&] {
            std::vector<draft> what(1);
            what.front().data = "x";
            it.rooms.append(all, what).value().announce(it.home);
        });
        REQUIRE(it.run());
        REQUIRE(received.size() == 4 * (static_cast<std::size_t>(i) + 1));
    }
}

TEST_CASE("a subscription keeps its room in use, and a room that was never published to goes with it") {
    followed_house it;
    {
        auto who = std::make_unique<waiting_follower>(it, std::vector<std::string>{"a", "b"});
        it.say("b");
        who->places.advance(who->places.read(10), 1);
        who->look_and_wait();
        CHECK(it.rooms.find("a"));
        who->cancel.emit(asio::cancellation_type::terminal);
        REQUIRE(it.run());
    }
    it.rooms.sweep();
    CHECK_FALSE(it.rooms.find("a"));
    CHECK(it.rooms.find("b"));
}

TEST_CASE("waits on several rooms that are never completed are destroyed with the rooms") {
    // Shared with the handler, it shows whether that was destroyed; the address sanitizer checks the rest.
    auto const owned = std::make_shared<int>(1);
    std::weak_ptr<int> const watched = owned;
    shard home{0};
    std::array<shard*, 1> const shards{&home};
    auto one = std::make_shared<channel>(shards);
    auto two = std::make_shared<channel>(shards);
    std::array<channel::awaited, 2> const both{channel::awaited{one.get(), one->now()},
                                               channel::awaited{two.get(), two->now()}};
    int ended = 0;
    channel::async_wait_any(home, both, [&ended, held = owned](boost::system::error_code) { ended += *held; });
    CHECK(watched.use_count() == 2);
    one.reset();
    CHECK(watched.use_count() == 1);
    CHECK(two->waiting() == 0);
    two->signal(home, two);
    REQUIRE(run_ready(home));
    CHECK(ended == 0);
}
