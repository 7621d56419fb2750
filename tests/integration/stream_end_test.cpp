// How streams end: gracefully, with every message delivered, and with the connection in the right state.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <csignal>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

using kind = stream_event::kind;

constexpr auto target = "/room/kitchen/subscribe";

/// Reads to the end and returns the events before it.
std::vector<stream_event> read_to_end(stream_client& reader) {
    std::vector<stream_event> all;
    while (auto event = reader.next()) {
        all.push_back(std::move(*event));
    }
    return all;
}

}  // namespace

TEST_CASE("a drain ends a stream with its last chunk, and gives SSE a reconnection delay") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type});
    auto const version = GENERATE(std::string{"HTTP/1.1"}, std::string{"HTTP/1.0"});
    INFO(type << ' ' << version);
    server_process server;
    auto const id = room_client{server.at(), "kitchen"}.publish("before");
    stream_client reader{server.at(), target + std::string{"?after=0"}, type, {}, version};
    CHECK(reader.next_message().id == id);
    server.signal(SIGTERM);
    auto const said = read_to_end(reader);
    if (type == sse_type) {
        REQUIRE(said.size() == 1);
        CHECK(said[0].is == kind::start);
        CHECK(said[0].retry >= 1000);
        CHECK(said[0].next == id);
    } else {
        CHECK(said.empty());
    }
    CHECK(server.wait_exit() == exited(0));
    std::string more;
    CHECK(reader.raw().read_some(more, default_timeout) != read_outcome::data);
}

TEST_CASE("messages published before a drain are delivered before the end") {
    auto const form = GENERATE(std::string{ndjson_type}, std::string{sse_type}, std::string{"websocket"});
    // The stream may be on the shard on which the drain starts or on another one, so either may be drained first.
    for (auto round = 0; round < 10; ++round) {
        INFO(form << ", round " << round);
        server_process server{{"--threads", "2"}};
        room_client writer{server.at(), "kitchen"};
        auto const first = writer.publish("first");
        std::string last = first;
        std::string heard = first;
        auto const publish = post(writer.target("/publish"), "x").bytes();
        auto const from = target + std::string{"?after="} + first;
        auto const write = [&] {
            std::string many;
            for (auto i = 0; i < 50; ++i) {
                many += publish;
            }
            writer.http().send(many);
            server.signal(SIGTERM);
            while (auto const answer = writer.http().receive_or_end()) {
                if (answer->status == 201 && answer->json().at("subscribers").to_number<int>() > 0) {
                    last = boost::json::value_to<std::string>(answer->json().at("id"));
                }
            }
        };
        if (form == "websocket") {
            websocket_client reader{server.at(), from};
            write();
            while (auto const frame = reader.next_frame()) {
                if (frame->kind == opcode::close) {
                    reader.raw().shutdown_write();
                }
                if (frame->kind == opcode::text) {
                    heard = parse_stream_object(boost::json::parse(frame->payload).as_object()).next;
                }
            }
        } else {
            stream_client reader{server.at(), from, form};
            write();
            for (auto const& event : read_to_end(reader)) {
                heard = event.is == kind::message ? event.what.id : heard;
            }
        }
        CHECK(number_of(heard) >= number_of(last));
        CHECK(server.wait_exit() == exited(0));
    }
}

TEST_CASE("a superseded stream reports it and leaves the connection usable") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type});
    server_process const server{{"--threads", "2"}};
    auto const mine = target + std::string{"?client=tab-1"};
    for (auto round = 0; round < 10; ++round) {  // on one shard or on two
        stream_client older{server.at(), mine, type};
        stream_client newer{server.at(), mine, type};
        auto const said = read_to_end(older);
        REQUIRE_FALSE(said.empty());
        CHECK(said.back().is == kind::superseded);
        older.raw().send(get("/healthz").bytes());
        std::string answer = older.rest();
        CHECK(older.raw().read_some(answer, default_timeout) == read_outcome::data);
        CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        await_subscribers(server.at(), "kitchen", 1);
        auto const id = room_client{server.at(), "kitchen"}.publish("hello");
        CHECK(newer.next_message().id == id);
        newer.raw().close();
        await_subscribers(server.at(), "kitchen", 0);
    }
}

TEST_CASE("a request pipelined behind a stream is answered after it") {
    server_process const server;
    stream_client older{server.at(), target + std::string{"?client=tab-1"}, ndjson_type};
    older.raw().send(get("/healthz").bytes());
    stream_client newer{server.at(), target + std::string{"?client=tab-1"}, ndjson_type};
    CHECK(read_to_end(older).size() == 1);
    std::string answer = older.rest();
    while (answer.find("\r\n\r\n") == std::string::npos) {
        REQUIRE(older.raw().read_some(answer, default_timeout) == read_outcome::data);
    }
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("a stream client that disconnects stops being counted at once") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type});
    server_process const server;
    stream_client resetting{server.at(), target, type};
    stream_client closing{server.at(), target, type};
    stream_client half{server.at(), target, type};
    stream_client staying{server.at(), target, type};
    await_subscribers(server.at(), "kitchen", 4);
    resetting.raw().reset();
    await_subscribers(server.at(), "kitchen", 3);
    closing.raw().close();
    await_subscribers(server.at(), "kitchen", 2);
    half.raw().shutdown_write();
    await_subscribers(server.at(), "kitchen", 1);
    auto const id = room_client{server.at(), "kitchen"}.publish("hello");
    CHECK(staying.next_message().id == id);
}
