// Shutdown: every follower gets all that was acknowledged before its answer or stream ended.
#include "harness_error.hpp"
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "timing.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <future>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace anteroom::integration;

namespace {

struct publishing_result {
    std::set<std::string> acknowledged;
    std::size_t refused = 0;
    std::vector<std::string> unexpected;  // neither acknowledged nor refused with 503 and Retry-After
};

/// Publishes 64 messages at a time until the server closes the connection.
publishing_result publish_pipelined(endpoint where) {
    publishing_result result;
    http_client client{where};
    std::string burst;
    for (auto i = 0; i < 64; ++i) {
        burst += post("/room/hall/publish", "x").bytes();
    }
    while (client.raw().try_send(burst)) {
        for (auto i = 0; i < 64; ++i) {
            auto const answer = client.receive_or_end();
            if (!answer) {
                return result;
            }
            if (answer->status == 201) {
                result.acknowledged.insert(boost::json::value_to<std::string>(answer->json().at("id")));
            } else if (answer->status == 503 && !answer->header("Retry-After").empty()) {
                ++result.refused;
            } else {
                result.unexpected.push_back(answer->text());
            }
        }
    }
    return result;
}

/// The same, one at a time, over a WebSocket.
publishing_result publish_by_websocket(endpoint where) {
    publishing_result result;
    websocket_client client{where, "/room/hall/subscribe"};
    auto const publish = text_frame(R"({"data":"x"})").bytes();
    while (client.raw().try_send(publish)) {
        for (auto answered = false; !answered;) {
            auto const frame = client.next_frame();
            if (!frame || frame->kind == opcode::close) {
                return result;
            }
            auto const object = boost::json::parse(frame->payload).as_object();
            if (auto const* ack = object.if_contains("ack")) {
                result.acknowledged.insert(boost::json::value_to<std::string>(ack->at("id")));
            } else if (object.contains("error")) {
                ++result.refused;
            }
            answered = object.contains("ack") || object.contains("error");
        }
    }
    return result;
}

/// Polls, for a follower that polls again at once. Nothing if the test's machine has kept it from that for so long that
/// the server may have given it up; throws harness_error if the connection is closed without that excuse.
std::optional<response> poll_again(http_client& client, request const& what, stopwatch const& since_last) {
    auto const sent = client.raw().try_send(what.bytes());
    auto const late = since_last.elapsed() > 500ms;
    auto answer = sent ? client.receive_or_end() : std::nullopt;
    if (!answer && !late) {
        throw harness_error{"a poller that was not late lost its connection"};
    }
    return answer;
}

// Each follows the room until the server says that it is the end, and returns the ids of what it got; none if it was
// late.

std::set<std::string> follow_by_json(endpoint where, std::string cursor, std::atomic<std::size_t>& delivered) {
    std::set<std::string> ids;
    room_client reader{where, "hall"};
    for (stopwatch since_last;; since_last = {}) {
        auto const answer = poll_again(
            reader.http(), get(reader.target("/subscribe?after=" + cursor), {{"Accept", json_type}}), since_last);
        if (!answer) {
            return {};
        }
        auto const polled = parse_poll_response(*answer);
        for (auto const& each : polled.messages) {
            ids.insert(each.id);
        }
        delivered += polled.messages.size();
        cursor = polled.next;
        if (answer->header("Connection") == "close") {
            return ids;
        }
    }
}

std::set<std::string> follow_by_raw(endpoint where, std::string cursor, std::atomic<std::size_t>& delivered) {
    std::set<std::string> ids;
    room_client reader{where, "hall"};
    for (stopwatch since_last;; since_last = {}) {
        auto const answer = poll_again(reader.http(), get(reader.target("/subscribe?after=" + cursor)), since_last);
        if (!answer) {
            return {};
        }
        cursor = answer->header("Last-Event-ID");
        if (answer->status == 200) {
            ids.insert(cursor);
            ++delivered;
        }
        if (answer->header("Connection") == "close") {
            return ids;
        }
    }
}

template <bool Events>
std::set<std::string> follow_by_stream(endpoint where, std::string cursor, std::atomic<std::size_t>& delivered) {
    std::set<std::string> ids;
    stream_client reader{where, "/room/hall/subscribe?after=" + cursor, Events ? sse_type : ndjson_type};
    while (auto const event = reader.next()) {
        if (event->is == stream_event::kind::message) {
            ids.insert(event->what.id);
            ++delivered;
        }
    }
    return ids;
}

std::set<std::string> follow_by_websocket(endpoint where, std::string cursor, std::atomic<std::size_t>& delivered) {
    std::set<std::string> ids;
    websocket_client reader{where, "/room/hall/subscribe?after=" + cursor};
    for (;;) {
        auto const frame = reader.next_frame();
        if (!frame || frame->kind == opcode::close) {
            return ids;
        }
        if (frame->kind == opcode::text) {
            ids.insert(parse_stream_object(boost::json::parse(frame->payload).as_object()).what.id);
            ++delivered;
        }
    }
}

struct way_to_follow {
    char const* form;
    std::set<std::string> (*follow)(endpoint, std::string, std::atomic<std::size_t>&);
};

constexpr std::array ways_to_follow{way_to_follow{"json", follow_by_json}, way_to_follow{"raw", follow_by_raw},
                                    way_to_follow{"ndjson", follow_by_stream<false>},
                                    way_to_follow{"sse", follow_by_stream<true>},
                                    way_to_follow{"websocket", follow_by_websocket}};

}  // namespace

TEST_CASE("every follower of a drain gets all that was acknowledged") {
    std::size_t refused = 0;
    std::size_t late = 0;
    for (auto round = 0; round < 6; ++round) {
        CAPTURE(round);
        server_process server{
            {"--threads", "2", "--history-messages", "1000000", "--history-bytes", "1G", "--poll-wait", "120s"}};
        auto const& where = server.at();
        auto const cursor = room_client{where, "hall"}.cursor();
        std::atomic<std::size_t> delivered = 0;
        std::vector<std::pair<std::string, std::future<std::set<std::string>>>> followers;
        for (auto i = 0; i < 2; ++i) {
            for (auto const& [form, follow] : ways_to_follow) {
                followers.emplace_back(form,
                                       std::async(std::launch::async, follow, where, cursor, std::ref(delivered)));
            }
        }
        std::vector<std::future<publishing_result>> publishers;
        for (auto i = 0; i < 3; ++i) {
            publishers.push_back(std::async(std::launch::async, publish_pipelined, where));
        }
        publishers.push_back(std::async(std::launch::async, publish_by_websocket, where));
        REQUIRE(eventually([&] { return delivered > 2000; }, crowd_timeout));
        server.signal(SIGTERM);

        std::set<std::string> acknowledged;
        for (auto& each : publishers) {
            auto result = each.get();
            acknowledged.merge(result.acknowledged);
            refused += result.refused;
            CHECK(result.unexpected == std::vector<std::string>{});
        }
        CHECK(acknowledged.size() > 100);
        for (auto& [form, follower] : followers) {
            INFO(form);
            auto const received = follower.get();
            if (received.empty()) {
                ++late;
                continue;
            }
            std::vector<std::string> missed;
            std::ranges::set_difference(acknowledged, received, std::back_inserter(missed));
            CHECK(missed == std::vector<std::string>{});
        }
        CHECK(server.wait_exit() == exited(0));
    }
    CHECK(late < 10);
    WARN(refused << " publishes were refused in the drains, " << late << " pollers were late");
}

TEST_CASE("a poller that is behind in a drain is answered until it is not") {
    server_process server{{"--drain-timeout", "60s"}};
    room_client writer{server.at(), "hall"};
    auto const start = writer.cursor();
    for (auto i = 0; i < 5; ++i) {
        writer.publish(std::to_string(i));
    }
    // A poll that was answered just before the signal: its client is about to poll again.
    room_client reader{server.at(), "hall"};
    auto cursor = reader.poll("limit=1&after=" + start).next;
    http_client idle{server.at()};
    CHECK(idle.exchange(get("/healthz")).status == 200);
    server.signal(SIGTERM);
    CHECK(idle.is_closed_within());
    for (auto i = 1; i < 5; ++i) {
        auto const answer =
            reader.http().exchange(get(reader.target("/subscribe?limit=1&after=" + cursor), {{"Accept", json_type}}));
        CHECK(answer.header("Connection") == (i == 4 ? "close" : ""));
        auto const polled = parse_poll_response(answer);
        CHECK(polled.texts() == std::vector<std::string>{std::to_string(i)});
        cursor = polled.next;
    }
    CHECK(server.wait_exit() == exited(0));
}

TEST_CASE("a poller that does not come back holds up a drain for a moment only") {
    server_process server{{"--drain-timeout", "60s"}};
    room_client writer{server.at(), "hall"};
    writer.publish("one");
    CHECK(writer.poll("after=0").messages.size() == 1);
    stopwatch const watch;
    server.signal(SIGTERM);
    CHECK(server.wait_exit() == exited(0));
    CHECK(watch.elapsed() < 10s);
}
