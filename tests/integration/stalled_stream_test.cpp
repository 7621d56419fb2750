// Streams that are not read: they cost the server nothing but their sockets, get a gap when they are read again, and
// are dropped after a time-out.
#include "crowd.hpp"
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "temporary_folder.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <list>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

constexpr auto target = "/room/busy/subscribe";

/// So that memory that the sanitizer keeps after it was freed is not attributed to the server.
std::vector<std::pair<std::string, std::string>> const frugal{
    {"ASAN_OPTIONS", "quarantine_size_mb=1:thread_local_quarantine_size_kb=16"}};

/// Publishes messages of `size` bytes until they come to `bytes` in total.
std::uint64_t publish_bytes(room_client& writer, std::size_t bytes, std::size_t size) {
    std::uint64_t count = 0;
    for (std::size_t said = 0; said < bytes; said += size) {
        writer.publish(std::string(size, 'x'));
        ++count;
    }
    return count;
}

/// Accounts for every message as received or missed.
struct account {
    std::uint64_t received = 0;
    std::uint64_t missed = 0;
    std::uint64_t last = 0;

    void take(stream_event const& event) {
        if (event.is == stream_event::kind::message) {
            CHECK(number_of(event.what.id) > last);
            last = number_of(event.what.id);
            ++received;
        } else if (event.is == stream_event::kind::gap) {
            CHECK(event.missed.reason == "evicted");
            missed += event.missed.missed.value();
        }
    }
};

}  // namespace

TEST_CASE("1,000 stalled streams of a busy room cost next to no memory and delay nobody else") {
    constexpr std::size_t crowd_size = 1000;
    constexpr std::size_t said = 12 * 1024 * 1024;
    server_process const server{server_setup{
        .flags = {"--threads", "2", "--write-timeout", "10m", "--history-bytes", "512K", "--keep-alive", "10m"},
        .environment = frugal}};
    raise_descriptor_limit();
    // A first round, so that one-time allocations are already made.
    stream_client reader{server.at(), target, sse_type};
    room_client writer{server.at(), "busy"};
    account others;
    std::uint64_t published = 0;
    auto const say_and_hear = [&](std::size_t bytes) {
        for (std::size_t done = 0; done < bytes; done += 256 * 1024) {
            published += publish_bytes(writer, 256 * 1024, 32 * 1024);
            while (others.received < published) {
                others.take(reader.next().value());
            }
        }
    };
    say_and_hear(1024 * 1024);
    std::list<connection> stalled;
    for (std::size_t i = 0; i < crowd_size; ++i) {
        auto const* const type = i % 2 == 0 ? sse_type : ndjson_type;
        stalled.emplace_back(server.at(), 4096);
        stalled.back().send(get(target, {{"Accept", type}}).bytes());
    }
    await_subscribers(server.at(), "busy", crowd_size + 1, crowd_timeout);
    auto const with_all = server.open_descriptors();
    auto const waiting = server.private_bytes();

    // More than any socket buffers: if it were queued per reader, it would be gigabytes.
    say_and_hear(said);

    CHECK(others.missed == 0);
    CHECK(others.last == published);
    CHECK(number_of(writer.cursor()) == published);
    auto const grown = server.private_bytes() - std::min(waiting, server.private_bytes());
    INFO("grown by " << grown / 1024 << " KiB");
    CHECK(grown < 8U * 1024 * 1024);
    CHECK(server.open_descriptors() >= crowd_size);
    stalled.clear();
    CHECK(eventually([&] { return server.open_descriptors() < with_all - crowd_size + 10; }, crowd_timeout));
}

TEST_CASE("a stalled stream gets the gap when its client reads again") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type}, std::string{"websocket"});
    INFO(type);
    server_process const server{{"--write-timeout", "60s", "--history-bytes", "256K"}};
    account reader;
    auto const count_to_end = [&](auto& client, auto&& next) {
        room_client writer{server.at(), "busy"};
        auto const published = publish_bytes(writer, 10 * 1024 * 1024, 32 * 1024);
        while (reader.received + reader.missed < published) {
            reader.take(next(client));
        }
        CHECK(reader.received + reader.missed == published);
        CHECK(reader.missed > 0);
        CHECK(reader.last == published);
    };
    if (type == "websocket") {
        websocket_client socket{server.at(), target, {}, "", 4096};
        count_to_end(socket, [](websocket_client& each) { return each.next_event(); });
        CHECK(socket.publish(R"({"data":"awake"})").contains("ack"));
    } else {
        stream_client stream{server.at(), target, type, {}, "HTTP/1.1", 4096};
        count_to_end(stream, [](stream_client& each) { return each.next().value(); });
        auto const id = room_client{server.at(), "busy"}.publish("awake");
        CHECK(stream.next_message().id == id);
    }
}

TEST_CASE("a stream that stalls for longer than --write-timeout is dropped, others are not") {
    auto const type = GENERATE(std::string{ndjson_type}, std::string{sse_type}, std::string{"websocket"});
    // A Unix socket accepts a small message entirely or not at all, so its readers stall between two messages.
    auto const is_unix = GENERATE(false, true);
    INFO(type << (is_unix ? " on a Unix socket" : ""));
    temporary_folder const folder;
    std::vector<std::string> flags{"--write-timeout", "500ms", "--history-bytes", "256K"};
    if (is_unix)
        flags.insert(flags.end(), {"--listen", "unix:" + folder.path("socket")});
    server_process const server{flags};
    stream_client reading{server.at(), target, sse_type};
    std::list<stream_client> streams;
    std::list<websocket_client> sockets;
    if (type == "websocket") {
        sockets.emplace_back(server.at(), target, header_list{}, "", 4096);
    } else {
        streams.emplace_back(server.at(), target, type, header_list{}, "HTTP/1.1", 4096);
    }
    await_subscribers(server.at(), "busy", 2);
    account reader;
    std::uint64_t published = 0;
    room_client writer{server.at(), "busy"};
    CHECK(writer.facts().subscribers == 2);
    auto const before = server.open_descriptors();
    CHECK(eventually(
        [&] {
            published += publish_bytes(writer, 512 * 1024, 32 * 1024);
            while (reader.received + reader.missed < published) {
                reader.take(reading.next().value());
            }
            return server.open_descriptors() == before - 1;
        },
        crowd_timeout));
    // What is read after that ends, and not gracefully.
    if (type == "websocket") {
        std::string rest;
        while (sockets.front().raw().read_some(rest, default_timeout) == read_outcome::data) {
        }
    } else {
        CHECK_THROWS(([&] {
            while (streams.front().next()) {
            }
        }()));
    }
    auto const id = writer.publish("still here");
    while (reader.last < number_of(id)) {
        reader.take(reading.next().value());
    }
}
