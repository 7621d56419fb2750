// Following the cursor: every message once and in order, over any mix of forms, from any cursor that a poll returned.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <future>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

/// Follows a room from a cursor until `count` messages have arrived, with alternating raw and JSON polls.
std::vector<std::string> follow(endpoint const& where, std::string const& room, std::string cursor, std::size_t count) {
    room_client client{where, room};
    std::vector<std::string> texts;
    for (auto turn = 0; texts.size() < count; ++turn) {
        auto const after = "after=" + cursor;
        if (turn % 2 == 0) {
            auto const answer = client.poll_raw(after);
            if (answer.status == 200) {
                texts.push_back(answer.body);
            }
            cursor = answer.header("Last-Event-ID");
        } else {
            auto const answer = client.poll(after + "&limit=3");
            for (auto const& text : answer.texts()) {
                texts.push_back(text);
            }
            cursor = answer.next;
        }
    }
    return texts;
}

std::vector<std::string> numbered(std::size_t count) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) {
        texts.push_back("message " + std::to_string(i));
    }
    return texts;
}

}  // namespace

TEST_CASE("following the cursor with alternating raw and JSON polls gives every message once and in order") {
    server_process const server;
    auto const expected = numbered(200);
    std::vector<std::future<std::vector<std::string>>> readers;
    for (auto i = 0; i < 4; ++i) {
        readers.push_back(std::async(std::launch::async, follow, server.at(), "kitchen", "0", expected.size()));
    }
    room_client writer{server.at(), "kitchen"};
    for (auto const& text : expected) {
        writer.publish(text);
    }
    for (auto& reader : readers) {
        CHECK(reader.get() == expected);
    }
}

TEST_CASE("messages of several writers are delivered to all in the same order") {
    server_process const server{{"--threads", "2"}};
    constexpr std::size_t writers = 4;
    constexpr std::size_t each = 50;
    std::vector<std::future<std::vector<std::string>>> readers;
    for (auto i = 0; i < 4; ++i) {
        readers.push_back(std::async(std::launch::async, follow, server.at(), "kitchen", "0", writers * each));
    }
    std::vector<std::future<void>> writing;
    for (std::size_t i = 0; i < writers; ++i) {
        writing.push_back(std::async(std::launch::async, [&server, i] {
            room_client writer{server.at(), "kitchen"};
            for (std::size_t k = 0; k < each; ++k) {
                writer.publish(std::to_string(i) + ":" + std::to_string(k));
            }
        }));
    }
    for (auto& one : writing) {
        one.get();
    }
    auto const order = readers.front().get();
    std::array<std::size_t, writers> next{};
    for (auto const& text : order) {
        auto const writer = static_cast<std::size_t>(text[0] - '0');
        CHECK(text.substr(2) == std::to_string(next.at(writer)++));
    }
    for (std::size_t i = 1; i < readers.size(); ++i) {
        CHECK(readers[i].get() == order);
    }
}

TEST_CASE("the cursor of a room without messages works later") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const raw = client.poll_raw("wait=0");
    CHECK(raw.status == 204);
    auto const json = client.poll("wait=0");
    auto const from_raw = raw.header("Last-Event-ID");

    CHECK(client.poll("wait=0&after=" + from_raw).gaps.empty());
    for (auto const* text : {"one", "two", "three"}) {
        client.publish(text);
    }

    for (auto const& cursor : {from_raw, json.next, std::string{"0"}}) {
        INFO(cursor);
        auto const answer = client.poll("after=" + cursor);
        CHECK(answer.texts() == std::vector<std::string>{"one", "two", "three"});
        CHECK(answer.gaps.empty());
        auto const oldest = client.poll_raw("after=" + cursor);
        CHECK(oldest.body == "one");
        CHECK_FALSE(oldest.has("Gap"));
    }
}

TEST_CASE("a poll at the cursor of an empty room is woken by the room's first message") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    client.start_poll("after=" + client.cursor());
    await_subscribers(server.at(), "kitchen", 1);
    room_client{server.at(), "kitchen"}.publish("first");
    auto const answer = client.finish_poll();
    CHECK(answer.texts() == std::vector<std::string>{"first"});
    CHECK(answer.gaps.empty());
}

TEST_CASE("a message published between two polls is delivered by the next") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto cursor = client.cursor();
    for (auto round = 0; round < 10; ++round) {
        std::vector<std::string> const burst{std::to_string(round), "a", "b"};
        for (auto const& text : burst) {
            client.publish(text);
        }
        auto const answer = client.poll("after=" + cursor);
        CHECK(answer.texts() == burst);
        cursor = answer.next;
    }
}

TEST_CASE("an invalid cursor is refused") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    client.publish("one");
    for (auto const* cursor : {"nonsense", "-", "-5", "k3f9x-", "k3f9x-x", "k3f9x-1x", "k3f9x--1", "k3f9x-1.5",
                               "k3f9x%201", "k3f9x-1%00", "%FF-1", "k3f9x-+1", "k3f9x-0x1"}) {
        INFO(cursor);
        check_problem(client.poll_raw("wait=0&after=" + std::string{cursor}), 400);
        check_problem(client.poll_raw("wait=0&after=" + std::string{cursor}, {{"Accept", json_type}}), 400);
    }
    check_problem(client.poll_raw("wait=0", {{"Last-Event-ID", "nonsense"}}), 400);
    CHECK(client.poll_raw("wait=0&after=0", {{"Last-Event-ID", "nonsense"}}).status == 200);
}

TEST_CASE("an invalid wait or limit is refused") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    for (auto const* query :
         {"wait=x", "wait=-1", "wait=1x", "wait=", "wait=NaN", "wait=0&limit=0", "wait=0&limit=1001", "wait=0&limit=-1",
          "wait=0&limit=x", "wait=0&limit=", "wait=0&limit=1.5", "wait=0&limit=99999999999999999999"}) {
        INFO(query);
        check_problem(client.poll_raw(query, {{"Accept", json_type}}), 400);
    }
}
