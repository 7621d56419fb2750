// How WebSockets end by time, drain and newer subscriptions, and those that are full.
#include "handlers/house.hpp"
#include "websocket/client_frames.hpp"

#include <algorithm>

using namespace anteroom;
using namespace anteroom::unit;

using told_frames = std::vector<std::string>;

TEST_CASE("an idle WebSocket is pinged, and cut off where not even a pong comes") {
    anteroom_house it;
    visitor answers(it);
    visitor silent(it);
    answers.upgrade("/room/a/subscribe");
    silent.upgrade("/room/a/subscribe");
    it.advance(std::chrono::seconds(14));
    CHECK(answers.next_frames().empty());
    it.advance(std::chrono::seconds(1));
    CHECK(answers.next_frames() == told_frames{"ping"});
    CHECK(silent.next_frames() == told_frames{"ping"});
    answers.send(whole(op::pong, ""));
    it.advance(std::chrono::seconds(15));
    CHECK(answers.next_frames() == told_frames{"ping"});
    CHECK(silent.receive().empty());
    CHECK(silent.is_closed());
    CHECK(it.waiting("a") == 1);
}

TEST_CASE("a message that does not come whole in time closes the WebSocket, also where bytes trickle in") {
    anteroom_house it;
    visitor stops(it);
    visitor trickles(it);
    for (auto* each : {&stops, &trickles}) {
        each->upgrade("/room/a/subscribe");
        each->send(frame(op::text, "half"));
    }
    for (int i = 0; i < 3; ++i) {
        CHECK(it.waiting("a") == 2);
        it.advance(milliseconds(9700));
        trickles.send(frame(op::continuation, "x"));
    }
    it.advance(std::chrono::seconds(1));
    CHECK(stops.next_frames().back() == "close 1008 the message did not come whole in time");
    trickles.send(frame(op::continuation, "x"));
    CHECK(trickles.next_frames().back() == "close 1008 the message did not come whole in time");
    CHECK(it.waiting("a") == 0);
}

TEST_CASE("a message that came whole starts the body time-out anew") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    who.send(frame(op::text, "half"));
    it.advance(std::chrono::seconds(10));
    who.send(frame(op::final | op::continuation, "whole"));
    CHECK(who.next_frames().at(0).starts_with(R"(text {"error")"));
    it.advance(std::chrono::seconds(10));
    who.send(frame(op::text, "half"));
    it.advance(std::chrono::seconds(14));
    it.advance(std::chrono::seconds(14));
    CHECK(it.waiting("a") == 1);
}

TEST_CASE("a drain closes a WebSocket behind what was published before") {
    anteroom_house it;
    visitor who(it);
    visitor busy(it);
    who.upgrade("/room/a/subscribe");
    busy.upgrade("/room/a/subscribe");
    it.sessions.drain();
    it.append("a", "last");
    busy.write(whole(op::text, R"({"data":"too late"})"));
    it.run();
    for (auto* each : {&who, &busy}) {
        auto const got = each->next_frames();
        REQUIRE(got.size() == 2);
        CHECK(texts_in(got[0]) == told_frames{"last"});
        CHECK(got[1] == "close 1001 draining");
    }
    CHECK(it.waiting("a") == 0);
}

TEST_CASE("a newer subscription of the same client closes a WebSocket") {
    anteroom_house it;
    visitor who(it);
    visitor newer(it);
    who.upgrade("/room/a/subscribe?client=me");
    newer.upgrade("/room/a/subscribe?client=me");
    CHECK(who.next_frames() == told_frames{R"(text {"superseded":true})", "close 4001 superseded"});
    CHECK(newer.next_frames().empty());
    CHECK(it.waiting("a") == 1);
}

TEST_CASE("a WebSocket that is full gets the rest when it has room, and its input waits meanwhile") {
    for (bool const deflate : {false, true}) {
        CAPTURE(deflate);
        api_options options;
        options.websocket_deflate = deflate;
        anteroom_house it(options);
        visitor who(it);
        for (int i = 0; i < 200; ++i)
            it.append("a", std::to_string(i) + std::string(300, 'x'));
        who.limit(700);
        auto fields = std::string(visitor::upgrade_fields);
        if (deflate)
            fields += "Sec-WebSocket-Extensions: permessage-deflate\r\n";
        who.send(request("GET /room/a/subscribe?after=0", fields) + whole(op::ping, "in between"));
        auto const got = frames(who.next_answer().body);
        CHECK(got.size() == 201);
        CHECK(std::count(got.begin(), got.end(), "pong in between") == 1);
    }
}

TEST_CASE("a WebSocket that takes nothing for too long is cut off, and one that hangs up meanwhile is forgotten") {
    anteroom_house it;
    visitor slow(it);
    visitor gone(it);
    for (auto* each : {&slow, &gone}) {
        each->upgrade("/room/a/subscribe");
        each->limit(100);
    }
    it.publish("a", std::string(1000, 'x'));
    gone.hang_up();
    CHECK(it.home.counted().get(counter::connections_closed) == 1);
    it.advance(it.options.write_timeout);
    CHECK(it.home.counted().get(counter::connections_closed) == 2);
}

TEST_CASE("a WebSocket that is superseded or drained while it is full closes when it has room") {
    anteroom_house it;
    visitor superseded(it);
    visitor drained(it);
    visitor newer(it);
    superseded.upgrade("/room/a/subscribe?client=me");
    drained.upgrade("/room/a/subscribe");
    superseded.limit(100);
    drained.limit(100);
    it.publish("a", std::string(1000, 'x'));
    newer.ask("GET /room/a/subscribe?client=me");
    auto got = superseded.next_frames();
    REQUIRE(got.size() == 3);
    CHECK(got[2] == "close 4001 superseded");
    it.drain();
    got = drained.next_frames();
    REQUIRE(got.size() == 2);
    CHECK(got[1] == "close 1001 draining");
}

TEST_CASE("a WebSocket ends with its worker") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    it.sessions.abort();
    it.run();
    CHECK(who.is_closed());
    CHECK(it.waiting("a") == 0);
}
