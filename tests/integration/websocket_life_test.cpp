// The lifetime of a WebSocket, and its close codes.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "websocket_client.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <string>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

constexpr auto target = "/room/kitchen/subscribe";

}  // namespace

TEST_CASE("the server pings, and a client that answers stays") {
    server_process const server{{"--keep-alive", "100ms", "--idle-timeout", "200ms", "--header-timeout", "200ms",
                                 "--body-timeout", "200ms", "--write-timeout", "200ms"}};
    websocket_client socket{server.at(), target};
    for (auto pings = 0; pings < 6; ++pings) {
        auto const frame = socket.next_frame();
        REQUIRE(frame);
        REQUIRE(frame->kind == opcode::ping);
        socket.send({.kind = opcode::pong, .payload = frame->payload});
    }
    CHECK(socket.publish(R"({"data":"still here"})").contains("ack"));
}

TEST_CASE("a client that never answers a ping is dropped and not counted any more") {
    server_process const server{{"--keep-alive", "200ms"}};
    stopwatch const watch;
    websocket_client silent{server.at(), target};
    await_subscribers(server.at(), "kitchen", 1);
    auto const frame = silent.next_frame();
    REQUIRE(frame);
    CHECK(frame->kind == opcode::ping);
    CHECK_FALSE(silent.next_frame());
    CHECK(watch.elapsed() >= 350ms);
    await_subscribers(server.at(), "kitchen", 0);
}

TEST_CASE("an incomplete message times out after --body-timeout") {
    server_process const server{{"--body-timeout", "300ms"}};
    auto const whole = text_frame(R"({"data":"x"})").bytes();
    for (auto const& half :
         {whole.substr(0, 1), whole.substr(0, 2), whole.substr(0, 5), whole.substr(0, whole.size() - 1),
          websocket_frame{.payload = R"({"data":)", .final = false}.bytes(),
          websocket_frame{.payload = "", .final = false}.bytes()}) {
        INFO(half.size());
        websocket_client socket{server.at(), target};
        stopwatch const watch;
        socket.send(half);
        CHECK(socket.close_code() == 1008);
        CHECK(watch.elapsed() >= 250ms);
    }
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
}

TEST_CASE("a message that trickles in gets no extra time per byte, nor in a busy room") {
    server_process const server{{"--body-timeout", "300ms", "--keep-alive", "100ms"}};
    websocket_client socket{server.at(), target};
    room_client writer{server.at(), "kitchen"};
    auto const whole = text_frame(std::string(60'000, 'x')).bytes();
    socket.send(whole.substr(0, 8));
    stopwatch const watch;
    auto code = 0;
    for (std::size_t sent = 8; code == 0 && sent < whole.size() && watch.elapsed() < default_timeout; ++sent) {
        static_cast<void>(socket.raw().try_send(whole.substr(sent, 1)));
        writer.publish("tick");
        auto const frame = socket.next_frame();
        code = !frame ? 1006 : frame->kind == opcode::close ? frame->close_code().value_or(1005) : 0;
    }
    CHECK(code == 1008);
}

TEST_CASE("a drain closes with 1001") {
    server_process server;
    websocket_client idle{server.at(), target};
    websocket_client half{server.at(), target};
    half.send(text_frame(R"({"data":"x"})").bytes().substr(0, 5));
    await_subscribers(server.at(), "kitchen", 2);
    server.signal(SIGTERM);
    CHECK(idle.close_code() == 1001);
    CHECK(half.close_code() == 1001);
    CHECK(server.wait_exit() == exited(0));
}

TEST_CASE("a superseded socket reports it and closes with 4001, across shards") {
    server_process const server{{"--threads", "2"}};
    auto const mine = target + std::string{"?client=tab-1"};
    for (auto round = 0; round < 10; ++round) {
        websocket_client older{server.at(), mine};
        websocket_client newer{server.at(), mine};
        CHECK(older.next_object() == json::object{{"superseded", true}});
        CHECK(older.close_code() == 4001);
        await_subscribers(server.at(), "kitchen", 1);
        CHECK(newer.publish(R"({"data":"mine"})").contains("ack"));
        newer.raw().close();
        await_subscribers(server.at(), "kitchen", 0);
    }
}

TEST_CASE("a WebSocket client that disconnects stops being counted at once") {
    server_process const server;
    websocket_client resetting{server.at(), target};
    websocket_client closing{server.at(), target};
    websocket_client half{server.at(), target};
    websocket_client polite{server.at(), target};
    await_subscribers(server.at(), "kitchen", 4);
    resetting.raw().reset();
    await_subscribers(server.at(), "kitchen", 3);
    closing.raw().close();
    await_subscribers(server.at(), "kitchen", 2);
    half.raw().shutdown_write();
    await_subscribers(server.at(), "kitchen", 1);
    polite.send(close_frame(1000));
    CHECK(polite.close_code() == 1000);
    await_subscribers(server.at(), "kitchen", 0);
}

TEST_CASE("acknowledged publishes are kept even if the client disconnects at once") {
    server_process const server;
    for (auto round = 0; round < 20; ++round) {
        websocket_client socket{server.at(), target};
        socket.send(text_frame(R"({"data":"x"})").bytes() + close_frame(1000).bytes());
        CHECK(socket.close_code() == 1000);
    }
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 20);
}
