// Streams, NDJSON and SSE alike: their events, where they start, and that they miss nothing.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "timing.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

using kind = stream_event::kind;

constexpr auto target = "/room/kitchen/subscribe";

std::string after(std::string const& cursor) {
    return target + std::string{"?after="} + cursor;
}

}  // namespace

TEST_CASE("a stream delivers every message when it is published, once and in order") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type});
    auto const version = GENERATE(std::string{"HTTP/1.1"}, std::string{"HTTP/1.0"});
    INFO(type << ' ' << version);
    server_process const server;
    room_client writer{server.at(), "kitchen"};
    writer.publish("before");
    stream_client reader{server.at(), target, type, {}, version};
    CHECK(reader.head().has("Transfer-Encoding") == (version == "HTTP/1.1"));
    CHECK(reader.head().header("Connection") == (version == "HTTP/1.0" ? "close" : ""));
    CHECK(eventually([&] { return writer.facts().subscribers == 1; }));

    for (auto i = 0; i < 200; ++i) {
        auto const text = "message " + std::to_string(i);
        auto const id = writer.publish(text);
        auto const heard = reader.next_message();
        CHECK(heard.id == id);
        CHECK(heard.data == boost::json::value(text));
        CHECK_FALSE(heard.room);
        CHECK(reader.cursor() == id);
    }
    reader.raw().close();
    await_subscribers(server.at(), "kitchen", 0);
}

TEST_CASE("a stream delivers what a JSON poll delivers, member by member") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type});
    server_process const server;
    room_client client{server.at(), "kitchen"};
    client.http().exchange(post(client.target("/publish?as=ann"), "line 1\nline 2\r\n\"quoted\" \xe2\x80\xa8"));
    client.http().exchange(post(client.target("/publish"), R"({"a":[1,2,{"b":null}]})", json_type));
    client.http().exchange(post(client.target("/publish"), "data: x\n\nevent: gap"));
    auto const polled = client.poll("after=0").messages;
    stream_client reader{server.at(), after("0"), type};
    for (auto const& expected : polled) {
        auto const heard = reader.next_message();
        CHECK(heard.id == expected.id);
        CHECK(heard.time == expected.time);
        CHECK(heard.from == expected.from);
        CHECK(heard.data == expected.data);
    }
}

TEST_CASE("SSE begins with the reconnection delay and the cursor to resume from") {
    server_process const server;
    room_client writer{server.at(), "kitchen"};
    auto const end = writer.publish("before");
    stream_client reader{server.at(), target, sse_type};
    auto const start = reader.next();
    REQUIRE(start);
    CHECK(start->is == kind::start);
    CHECK(start->retry > 0);
    CHECK(start->next == end);
    CHECK(reader.head().header("Last-Event-ID") == end);
    // A client that disconnects before the first message and reconnects like a browser misses nothing.
    reader.raw().reset();
    auto const missed = writer.publish("meanwhile");
    stream_client again{server.at(), target, sse_type, {{"Last-Event-ID", start->next}}};
    CHECK(again.next_message().id == missed);
}

TEST_CASE("a stream resumes from Last-Event-ID or from after, and after wins") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type});
    server_process const server;
    room_client writer{server.at(), "kitchen"};
    std::vector<std::string> ids;
    for (auto i = 0; i < 5; ++i) {
        ids.push_back(writer.publish(std::to_string(i)));
    }
    CHECK(stream_client{server.at(), target, type, {{"Last-Event-ID", ids[1]}}}.next_message().id == ids[2]);
    CHECK(stream_client{server.at(), after(ids[2]), type}.next_message().id == ids[3]);
    CHECK(stream_client{server.at(), after(ids[3]), type, {{"Last-Event-ID", ids[0]}}}.next_message().id == ids[4]);
    CHECK(stream_client{server.at(), after("0"), type}.next_message().id == ids[0]);
}

TEST_CASE("a stream without messages sends keep-alives") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type});
    auto const version = GENERATE(std::string{"HTTP/1.1"}, std::string{"HTTP/1.0"});
    server_process const server{{"--keep-alive", "200ms", "--idle-timeout", "300ms", "--header-timeout", "300ms",
                                 "--body-timeout", "300ms", "--write-timeout", "300ms"}};
    room_client writer{server.at(), "kitchen"};
    stopwatch const watch;
    stream_client reader{server.at(), target, type, {}, version};
    for (auto alive = 0; alive < 4;) {
        auto const event = reader.next();
        REQUIRE(event);
        CHECK((event->is == kind::keep_alive || event->is == kind::start));
        alive += event->is == kind::keep_alive ? 1 : 0;
    }
    CHECK(watch.elapsed() >= 700ms);
    auto const id = room_client{server.at(), "kitchen"}.publish("still here");
    CHECK(reader.next_message().id == id);
}

TEST_CASE("a stream reports a gap, and resumes with the oldest message that is left") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type});
    server_process const server{{"--history-messages", "10"}};
    room_client writer{server.at(), "kitchen"};
    auto const first = writer.publish("0");
    std::vector<std::string> ids;
    for (auto i = 1; i < 30; ++i) {
        ids.push_back(writer.publish(std::to_string(i)));
    }
    struct place {
        std::string cursor;
        gap expected;
    };
    std::vector<place> const places{{first, {"evicted", 19}},
                                    {"0", {"evicted", 20}},
                                    {"zzzz-5", {"restarted", std::nullopt}},
                                    {epoch_of(first) + "-31", {"restarted", std::nullopt}}};
    for (auto const& [cursor, expected] : places) {
        INFO(type << ' ' << cursor);
        stream_client reader{server.at(), after(cursor), type};
        auto event = reader.next();
        while (event && event->is == kind::start) {
            event = reader.next();
        }
        REQUIRE(event);
        CHECK(event->is == kind::gap);
        CHECK(event->missed.reason == expected.reason);
        if (expected.missed) {
            CHECK(event->missed == expected);
        }
        CHECK(event->missed.room == "kitchen");
        CHECK(event->next == ids[18]);
        for (std::size_t i = 19; i < ids.size(); ++i) {
            CHECK(reader.next_message().id == ids[i]);
        }
    }
}
