// How long a poll waits, and which clients count as waiting: `wait`, `Prefer`, and hanging up.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom::integration;

namespace {

/// How long a raw poll takes that gets no message.
milliseconds time_of_poll(server_process const& server, std::string const& query, header_list headers = {}) {
    room_client client{server.at(), "empty"};
    stopwatch const watch;
    auto const answer = client.poll_raw(query, std::move(headers));
    INFO(query << '\n' << answer.text());
    CHECK(answer.status == 204);
    return watch.elapsed();
}

}  // namespace

TEST_CASE("wait sets how long a poll waits, in the query or as a preference") {
    server_process const server{{"--poll-wait", "60s"}};

    CHECK(time_of_poll(server, "wait=1") >= 950ms);
    CHECK(time_of_poll(server, "", {{"Prefer", "wait=1"}}) >= 950ms);
    CHECK(time_of_poll(server, "", {{"Prefer", "respond-async, wait=1"}}) >= 950ms);
    CHECK(time_of_poll(server, "wait=0") < default_timeout);
    CHECK(time_of_poll(server, "", {{"Prefer", "wait=0"}}) < default_timeout);
    CHECK(time_of_poll(server, "wait=0", {{"Prefer", "wait=60"}}) < default_timeout);
    CHECK(time_of_poll(server, "wait=1", {{"Prefer", "wait=0"}}) >= 950ms);
}

TEST_CASE("wait is limited to the maximum of the server") {
    server_process const server{{"--poll-wait", "60s", "--poll-wait-max", "300ms"}};
    for (auto const* query : {"wait=60", "wait=120", "wait=86400", ""}) {
        INFO(query);
        auto const time = time_of_poll(server, query);
        CHECK(time >= 250ms);
        CHECK(time < default_timeout);
    }
}

TEST_CASE("a poll outlives the other deadlines of a connection") {
    server_process const server{{"--header-timeout", "300ms", "--body-timeout", "300ms", "--idle-timeout", "300ms",
                                 "--write-timeout", "300ms"}};
    CHECK(time_of_poll(server, "wait=1") >= 950ms);
}

TEST_CASE("a poll without wait waits for --poll-wait") {
    server_process const server{{"--poll-wait", "1"}};
    auto const time = time_of_poll(server, "");
    CHECK(time >= 950ms);
    CHECK(time < default_timeout);
}

TEST_CASE("a room counts its subscribers, and those that hang up no longer, at once") {
    server_process const server;
    auto const room = std::string{"kitchen"};
    room_client polite{server.at(), room};
    room_client rude{server.at(), room};
    room_client halfway{server.at(), room};
    room_client patient{server.at(), room};
    polite.start_poll();
    await_subscribers(server.at(), room, 1);
    rude.start_poll("", {});
    await_subscribers(server.at(), room, 2);
    halfway.start_poll();
    patient.start_poll("", {});
    await_subscribers(server.at(), room, 4);

    polite.http().raw().close();
    await_subscribers(server.at(), room, 3);
    rude.http().raw().reset();
    await_subscribers(server.at(), room, 2);
    halfway.http().raw().shutdown_write();
    await_subscribers(server.at(), room, 1);
    CHECK(halfway.http().is_closed_within(default_timeout));

    auto const receipt = room_client{server.at(), room}.publish_for_receipt("dinner");
    CHECK(receipt.at("subscribers").to_number<int>() == 1);
    CHECK(patient.http().receive().body == "dinner");
    await_subscribers(server.at(), room, 0);
}

TEST_CASE("a client that hangs up with a request pipelined behind its poll is no longer counted either") {
    server_process const server;
    auto const room = std::string{"kitchen"};
    auto const behind = get("/healthz").bytes();

    room_client closing{server.at(), room};
    closing.start_poll();
    closing.http().send(behind);
    room_client resetting{server.at(), room};
    resetting.start_poll();
    resetting.http().send(behind);
    await_subscribers(server.at(), room, 2);

    resetting.http().raw().reset();
    await_subscribers(server.at(), room, 1);
    closing.http().raw().close();
    await_subscribers(server.at(), room, 0);
}

TEST_CASE("an answered poll no longer counts") {
    server_process const server;
    room_client reader{server.at(), "kitchen"};
    CHECK(reader.poll("wait=0").messages.empty());
    CHECK(room_client{server.at(), "kitchen"}.publish_for_receipt("a").at("subscribers").to_number<int>() == 0);
    CHECK(reader.facts().subscribers == 0);
}

TEST_CASE("waiting in a room that does not exist leaves no room behind") {
    server_process const server;
    http_client observer{server.at()};
    auto const listed = [&] { return observer.exchange(get("/rooms")).body.find("ghost") != std::string::npos; };
    {
        room_client ghost{server.at(), "ghost"};
        CHECK(ghost.poll("wait=0").messages.empty());
        CHECK_FALSE(listed());
        ghost.start_poll();
        await_subscribers(server.at(), "ghost", 1);
    }
    await_subscribers(server.at(), "ghost", 0);
    CHECK(eventually([&] { return !listed(); }));
    CHECK(observer.exchange(get("/room/ghost/messages")).status == 200);
    CHECK_FALSE(listed());
}
