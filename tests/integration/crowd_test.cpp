// Thousands of subscribers at once, on every shard: each is woken by a publish, and each once.
#include "crowd.hpp"

#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

bool has_answer(crowd::member const& one) {
    return !one.answers.empty();
}

// The value of a metric in the Prometheus text format.
std::uint64_t metric(std::string const& text, std::string const& name) {
    auto const at = text.find("\n" + name + " ");
    REQUIRE(at != std::string::npos);
    return std::stoull(text.substr(at + name.size() + 2));
}

}  // namespace

TEST_CASE("2,000 subscribers are woken by one publish, each once") {
    constexpr std::size_t size = 2'000;
    server_process const server{{"--threads", "2", "--poll-wait", "120s"}};
    crowd readers{server.at(), size, [](std::size_t i) {
                      return get("/room/stadium/subscribe", {{"Accept", i % 2 == 0 ? "*/*" : json_type}}).bytes();
                  }};
    await_subscribers(server.at(), "stadium", size, crowd_timeout);

    room_client writer{server.at(), "stadium"};
    auto const receipt = writer.publish_for_receipt("goal");
    readers.read_until(has_answer);

    CHECK(receipt.at("subscribers").to_number<std::size_t>() == size);
    CHECK(writer.facts().subscribers == 0);
    std::size_t right = 0;
    for (std::size_t i = 0; i < size; ++i) {
        auto const& one = readers.members()[i];
        auto const& answer = one.answers.front();
        auto const heard = i % 2 == 0 ? answer.body == "goal" : parse_poll_response(answer).texts().at(0) == "goal";
        right += one.answers.size() == 1 && one.buffer.empty() && !one.closed && heard ? 1U : 0U;
    }
    CHECK(right == size);

    // A second publish is not delivered to a client that does not poll again.
    CHECK(writer.publish_for_receipt("again").at("subscribers").to_number<std::size_t>() == 0);
    for (auto& one : readers.members()) {
        one.socket.send(get("/healthz").bytes());
    }
    readers.read_until([](crowd::member const& one) { return one.answers.size() >= 2; });
    auto const surprised = std::ranges::count_if(readers.members(), [](crowd::member const& one) {
        return one.answers.size() != 2 || one.answers[1].has("Last-Event-ID") || !one.buffer.empty();
    });
    CHECK(surprised == 0);
}

TEST_CASE("200 subscribers that keep polling get every message once and in order") {
    constexpr std::size_t size = 200;
    constexpr std::size_t rounds = 20;
    server_process const server{{"--threads", "2", "--poll-wait", "120s"}};
    crowd readers{server.at(), size, [](std::size_t) { return get("/room/stadium/subscribe?after=0").bytes(); }};
    room_client writer{server.at(), "stadium"};
    for (std::size_t round = 1; round <= rounds; ++round) {
        writer.publish(std::to_string(round));
        readers.read_until([&](crowd::member const& one) { return one.answers.size() >= round; });
        for (auto& one : readers.members()) {
            auto const& answer = one.answers.back();
            REQUIRE(one.answers.size() == round);
            REQUIRE(answer.body == std::to_string(round));
            REQUIRE_FALSE(answer.has("Gap"));
            one.socket.send(get("/room/stadium/subscribe?after=" + answer.header("Last-Event-ID")).bytes());
        }
    }
    await_subscribers(server.at(), "stadium", size);
}

TEST_CASE("a crowd that is behind is answered in turns with other clients") {
    constexpr std::size_t size = 2'000;
    server_process const server{{"--threads", "1", "--poll-wait", "120s"}};
    room_client{server.at(), "stadium"}.publish("goal");
    crowd readers{server.at(), size, [](std::size_t) { return get("/healthz").bytes(); }};
    readers.read_until(has_answer);
    room_client quiet{server.at(), "quiet"};
    quiet.start_poll();
    await_subscribers(server.at(), "quiet", 1);
    http_client operating{server.at()};
    operating.exchange(get("/healthz"));

    // All polls are queued before the server can read the first, and the publish in the other room is queued last.
    server.signal(SIGSTOP);
    for (auto& one : readers.members())
        one.socket.send(get("/room/stadium/subscribe?after=0").bytes());
    operating.send(post("/room/quiet/publish", "psst").bytes() + get("/metrics").bytes());
    // Some hang up without waiting for the response.
    constexpr std::size_t vanished = 100;
    for (std::size_t i = 0; i < vanished; ++i) {
        readers.members()[i].socket.reset();
        readers.members()[i].closed = true;
    }
    server.signal(SIGCONT);

    CHECK(operating.receive().status == 201);
    auto const sent_then = metric(operating.receive().body, "anteroom_messages_sent_total");
    // Reading is twice as fast as answering: by then about half of the crowd has its response, not all of it.
    CHECK(sent_then < 3 * size / 4);
    CHECK(quiet.finish_poll().texts() == std::vector<std::string>{"psst"});
    readers.read_until([](crowd::member const& one) { return one.closed || one.answers.size() >= 2; });
    auto const right = std::ranges::count_if(readers.members(), [](crowd::member const& one) {
        return one.answers.size() == 2 && one.answers[1].body == "goal" && one.buffer.empty();
    });
    CHECK(static_cast<std::size_t>(right) == size - vanished);
    await_subscribers(server.at(), "stadium", 0);
}

TEST_CASE("500 subscribers that disconnect at once stop being counted at once") {
    constexpr std::size_t size = 500;
    server_process const server{{"--threads", "2", "--poll-wait", "120s"}};
    auto const before = server.open_descriptors();
    {
        crowd readers{server.at(), size, [](std::size_t) { return get("/room/stadium/subscribe").bytes(); }};
        await_subscribers(server.at(), "stadium", size);
        for (std::size_t i = 0; i < size; i += 2) {
            readers.members()[i].socket.reset();
        }
        await_subscribers(server.at(), "stadium", size / 2);
    }
    await_subscribers(server.at(), "stadium", 0);
    // The server may have a few more of its own than at the start.
    CHECK(eventually([&] { return server.open_descriptors() < before + 20; }));
    CHECK(room_client{server.at(), "stadium"}.publish_for_receipt("x").at("subscribers").to_number<int>() == 0);
}

TEST_CASE("a publish wakes only the subscribers of its own room") {
    constexpr std::size_t rooms = 100;
    server_process const server{{"--threads", "2", "--poll-wait", "120s"}};
    auto const target = [](std::size_t i) { return "/room/room" + std::to_string(i % rooms); };
    crowd readers{server.at(), 2 * rooms, [&](std::size_t i) { return get(target(i) + "/subscribe").bytes(); }};
    for (std::size_t i = 0; i < rooms; ++i) {
        await_subscribers(server.at(), "room" + std::to_string(i), 2);
    }
    http_client writer{server.at()};
    for (std::size_t i = 0; i < rooms; i += 2) {
        CHECK(writer.exchange(post(target(i) + "/publish", target(i))).json().at("subscribers").to_number<int>() == 2);
    }
    readers.read_until([&](crowd::member const& one) {
        auto const i = static_cast<std::size_t>(&one - readers.members().data());
        return i % 2 == 1 || has_answer(one);
    });
    for (std::size_t i = 0; i < 2 * rooms; ++i) {
        auto const& answers = readers.members()[i].answers;
        INFO(i);
        CHECK(answers.size() == (i % 2 == 0 ? 1U : 0U));
        CHECK((i % 2 == 1 || answers.at(0).body == target(i)));
    }
    for (std::size_t i = 1; i < rooms; i += 2) {
        await_subscribers(server.at(), "room" + std::to_string(i), 2);
    }
}
