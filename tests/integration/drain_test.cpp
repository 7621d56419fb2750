// Shutdown: every waiting poll is answered, acknowledged messages are kept, and the process ends in time.
#include "crowd.hpp"
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "unread_response.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <future>
#include <set>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

/// What a writer and a reader of one room observed until the server closed their connections.
struct lockstep_result {
    std::size_t awaited = 0;  ///< publishes that were acknowledged while the reader's poll was waiting
    std::vector<std::string> lost;
};

/// Repeats until the drain: sends a poll, publishes, and compares the acknowledged message with the response to the
/// poll. A publish whose receipt counts the poll as waiting must reach it, drain or not.
lockstep_result publish_in_lockstep(room_client reader, room_client writer, std::atomic<std::size_t>& count) {
    lockstep_result result;
    auto cursor = writer.cursor();
    for (;;) {
        auto const poll = get(reader.target("/subscribe?after=" + cursor), {{"Accept", json_type}}).bytes();
        if (!reader.http().raw().try_send(poll) ||
            !writer.http().raw().try_send(post(writer.target("/publish"), "x").bytes())) {
            return result;
        }
        auto const published = writer.http().receive_or_end();
        auto const acknowledged = published && published->status == 201;
        auto const id = acknowledged ? boost::json::value_to<std::string>(published->json().at("id")) : "";
        auto const awaited = acknowledged && published->json().at("subscribers").to_number<int>() > 0;
        result.awaited += awaited ? 1U : 0U;
        auto const heard = reader.http().receive_or_end();
        auto const answer = heard ? parse_poll_response(*heard) : poll_response{};
        if (awaited && (answer.messages.empty() || answer.messages.front().id != id)) {
            result.lost.push_back(id);
        }
        if (!acknowledged || answer.messages.empty()) {
            return result;
        }
        cursor = answer.next;
        ++count;
    }
}

void check_drain_response(response const& answer, bool json, std::string const& cursor) {
    INFO(answer.text());
    CHECK(answer.header("Connection") == "close");
    CHECK(answer.header("Last-Event-ID") == cursor);
    if (json) {
        auto const polled = parse_poll_response(answer);
        CHECK(polled.draining);
        CHECK(polled.messages.empty());
        CHECK(polled.gaps.empty());
    } else {
        CHECK(answer.status == 204);
    }
    auto const retry = answer.header("Retry-After");
    REQUIRE_FALSE(retry.empty());
    CHECK(retry.find_first_not_of("0123456789") == std::string::npos);
}

}  // namespace

TEST_CASE("a drain under load answers every poll and loses nothing that was acknowledged") {
    constexpr std::size_t waiting = 500;
    server_process server{{"--threads", "2", "--poll-wait", "120s"}};
    auto const cursor = room_client{server.at(), "hall"}.publish("before");
    crowd hall{server.at(), waiting, [](std::size_t i) {
                   return get("/room/hall/subscribe", {{"Accept", i % 2 == 0 ? "*/*" : json_type}}).bytes();
               }};
    await_subscribers(server.at(), "hall", waiting);
    std::array<std::atomic<std::size_t>, 4> delivered{};
    std::vector<std::future<lockstep_result>> pairs;
    for (std::size_t i = 0; i < delivered.size(); ++i) {
        auto const room = "room" + std::to_string(i);
        pairs.push_back(std::async(std::launch::async, publish_in_lockstep, room_client{server.at(), room},
                                   room_client{server.at(), room}, std::ref(delivered.at(i))));
    }
    REQUIRE(eventually([&] { return std::ranges::all_of(delivered, [](auto const& count) { return count > 50; }); },
                       crowd_timeout));

    stopwatch const watch;
    server.signal(SIGTERM);
    hall.read_until([](crowd::member const& one) { return one.closed; });
    auto const status = server.wait_exit();

    CHECK(watch.elapsed() < 10s);
    CHECK(status == exited(0));
    std::set<std::string> retries;
    for (std::size_t i = 0; i < waiting; ++i) {
        auto const& one = hall.members()[i];
        REQUIRE(one.answers.size() == 1);
        CHECK(one.buffer.empty());
        check_drain_response(one.answers.front(), i % 2 == 1, cursor);
        retries.insert(one.answers.front().header("Retry-After"));
    }
    CHECK(retries.size() > 1);  // with jitter, so that clients do not all reconnect at once
    std::size_t awaited = 0;
    for (auto& pair : pairs) {
        auto const result = pair.get();
        CHECK(result.lost == std::vector<std::string>{});
        awaited += result.awaited;
    }
    CHECK(awaited > 0);
}

TEST_CASE("signals that mean nothing do nothing") {
    server_process server;
    room_client waiting{server.at(), "kitchen"};
    waiting.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    for (auto const number : {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE, SIGXFSZ, SIGTTOU, SIGHUP}) {
        server.signal(number);
    }
    CHECK(server.err().wait_until(
        [](std::string const& text) {
            auto const first = text.find("SIGHUP: there is nothing to reload");
            return first != std::string::npos;
        },
        default_timeout));
    room_client{server.at(), "kitchen"}.publish("still there");
    CHECK(waiting.finish_poll().texts() == std::vector<std::string>{"still there"});
    waiting.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    server.signal(SIGTERM);
    server.signal(SIGHUP);
    CHECK(waiting.finish_poll().draining);
    CHECK(server.wait_exit() == exited(0));
}

TEST_CASE("either signal drains an idle server at once") {
    for (auto const number : {SIGTERM, SIGINT}) {
        server_process server;
        http_client idle{server.at()};
        CHECK(idle.exchange(get("/healthz")).status == 200);
        server.signal(number);
        CHECK(server.wait_exit() == exited(0));
        CHECK(idle.is_closed_within());
        CHECK(connection::is_refused(server.at()));
    }
}

TEST_CASE("a server that has printed its address can be stopped gracefully") {
    for (auto i = 0; i < 10; ++i) {
        server_process server;
        server.signal(SIGTERM);
        CHECK(server.wait_exit() == exited(0));
    }
}

TEST_CASE("while it drains the server accepts no connections and is not ready") {
    server_process server{large_room_flags({"--write-timeout", "60s", "--drain-timeout", "60s"})};
    room_client writer{server.at(), "large"};
    fill_large_room(writer);
    room_client waiting{server.at(), "kitchen"};
    waiting.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    http_client asking{server.at()};
    asking.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n");
    unread_response slow{server.at()};

    server.signal(SIGTERM);

    CHECK(waiting.finish_poll().draining);
    CHECK(eventually([&] { return connection::is_refused(server.at()); }));
    // The server may or may not still answer a request that had begun; if it does, the response is "not ready".
    static_cast<void>(asking.raw().try_send("\r\n"));
    auto const ready = asking.receive_or_end(5s);
    CHECK((!ready || ready->status == 503));
    // The response being written is completed, then the process ends.
    CHECK(slow.read_rest() >= large_room_size);
    CHECK(server.wait_exit() == exited(0));
}

TEST_CASE("a drain ends after --drain-timeout even with stalled clients") {
    server_process server{large_room_flags({"--write-timeout", "60s", "--drain-timeout", "500ms"})};
    room_client writer{server.at(), "large"};
    fill_large_room(writer);
    unread_response const slow{server.at()};
    stopwatch const watch;
    server.signal(SIGTERM);
    CHECK(server.wait_exit() == exited(0));
    CHECK(watch.elapsed() >= 400ms);
}

TEST_CASE("a second signal ends a drain at once") {
    server_process server{large_room_flags({"--write-timeout", "300s", "--drain-timeout", "300s"})};
    room_client writer{server.at(), "large"};
    fill_large_room(writer);
    room_client waiting{server.at(), "kitchen"};
    waiting.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    unread_response const slow{server.at()};
    server.signal(SIGTERM);
    CHECK(waiting.finish_poll().draining);
    CHECK(server.keeps_running_for(200ms));
    server.signal(SIGTERM);
    stopwatch const watch;
    static_cast<void>(server.wait_exit());
    CHECK(watch.elapsed() < default_timeout);
}
