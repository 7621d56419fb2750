// DELETE /room/{room}: the messages are removed, and every subscriber gets a gap with the number it missed.
#include "http_client.hpp"
#include "multi_room_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

response remove(server_process const& server, std::string const& room = "kitchen") {
    return http_client{server.at()}.exchange({.method = "DELETE", .target = "/room/" + room});
}

std::vector<std::string> publish(server_process const& server, int count) {
    room_client writer{server.at(), "kitchen"};
    std::vector<std::string> ids;
    for (auto i = 0; i < count; ++i) {
        ids.push_back(writer.publish(std::to_string(i)));
    }
    return ids;
}

}  // namespace

TEST_CASE("without --allow-delete nothing is deleted") {
    server_process const server;
    publish(server, 3);
    check_problem(remove(server), 403, "deleting is off; the server's flag --allow-delete turns it on");
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 3);
}

TEST_CASE("a deleted room is empty and has a new epoch") {
    server_process const server{{"--allow-delete"}};
    auto const ids = publish(server, 5);
    auto const answer = remove(server);
    CHECK(answer.status == 204);
    CHECK(answer.body.empty());
    room_client client{server.at(), "kitchen"};
    auto const facts = client.facts();
    CHECK(facts.messages == 0);
    CHECK(facts.bytes == 0);
    CHECK(facts.first.empty());
    CHECK(epoch_of(facts.last) != epoch_of(ids[0]));
    CHECK(number_of(facts.last) == 0);
    CHECK(client.http().exchange(get("/rooms")).body.find("kitchen") == std::string::npos);
    CHECK(client.http().exchange(get("/room/kitchen/messages")).json().at("messages").as_array().empty());
    CHECK(client.poll("after=0&wait=0").gaps.empty());

    auto const next = client.publish("again");
    CHECK(number_of(next) == 1);
    CHECK(epoch_of(next) == epoch_of(facts.last));
}

TEST_CASE("a client that returns after a delete gets the exact number of missed messages") {
    server_process const server{{"--allow-delete"}};
    auto const ids = publish(server, 5);
    remove(server);
    room_client client{server.at(), "kitchen"};
    auto const empty = client.poll("after=" + ids[1]);
    REQUIRE(empty.gaps.size() == 1);
    CHECK(empty.gaps[0] == gap{"deleted", 3});
    CHECK(empty.gaps[0].room == "kitchen");
    CHECK(empty.messages.empty());
    auto const raw = client.poll_raw("after=" + ids[3]);
    CHECK(raw.status == 204);
    CHECK(parse_gap_header(raw) == gap{"deleted", 1});
    CHECK(raw.header("Last-Event-ID") == empty.next);

    client.publish("again");
    auto const more = client.poll("after=" + ids[1]);
    CHECK(more.texts() == std::vector<std::string>{"again"});
    CHECK(more.gaps == std::vector<gap>{{"deleted", 3}});
    CHECK(client.poll("after=" + empty.next).texts() == std::vector<std::string>{"again"});
    CHECK(client.poll("after=" + empty.next).gaps.empty());
}

TEST_CASE("a client that waits while its room is deleted gets a gap at once, and continues in the new epoch") {
    auto const how = GENERATE(from_range(all_forms));
    INFO(name_of(how));
    server_process const server{{"--allow-delete", "--threads", "2"}};
    auto const end = publish(server, 3).back();
    auto const target = std::string{"/room/kitchen/subscribe?wait=60&after="} + end;
    stopwatch const watch;
    auto const delete_when_waiting = [&] {
        await_subscribers(server.at(), "kitchen", 1);
        CHECK(remove(server).status == 204);
    };
    gap told;
    std::string next;
    room_client poller{server.at(), "kitchen"};
    if (how == form::raw) {
        poller.http().send(get(target));
        delete_when_waiting();
        auto const answer = poller.http().receive();
        told = parse_gap_header(answer).value_or(gap{});
        next = answer.header("Last-Event-ID");
    } else if (how == form::json) {
        poller.http().send(get(target, {{"Accept", json_type}}));
        delete_when_waiting();
        auto const answer = poller.finish_poll();
        told = answer.gaps.empty() ? gap{} : answer.gaps[0];
        next = answer.next;
    } else if (how == form::websocket) {
        websocket_client socket{server.at(), target};
        delete_when_waiting();
        auto const item = socket.next_event();
        told = item.missed;
        next = item.next;
        auto const id = publish(server, 1).front();
        CHECK(socket.next_message().id == id);
    } else {
        stream_client stream{server.at(), target, std::string{how == form::sse ? sse_type : ndjson_type}};
        delete_when_waiting();
        auto item = stream.next();
        while (item && item->is == stream_event::kind::start) {
            item = stream.next();
        }
        REQUIRE(item);
        told = item->missed;
        next = item->next;
        auto const id = publish(server, 1).front();
        CHECK(stream.next_message().id == id);
    }
    CHECK(watch.elapsed() < 50s);
    CHECK(told == gap{"deleted", 0});
    CHECK(number_of(next) == 0);
    CHECK(epoch_of(next) != epoch_of(end));
}

TEST_CASE("deleting an unused room is no error, and creates no room") {
    server_process const server{{"--allow-delete"}};
    CHECK(remove(server, "ghost").status == 204);
    CHECK(remove(server, "ghost").status == 204);
    CHECK(http_client{server.at()}.exchange(get("/rooms")).body.find("ghost") == std::string::npos);
    check_problem(remove(server, "%FF"), 400);
    check_problem(remove(server, "kitchen?room=hall"), 400,
                  "this call is about one room, in its path: /room/{room}/...");
}

TEST_CASE("repeated deletes keep the numbers exact for subscribers") {
    server_process const server{{"--allow-delete", "--threads", "2"}};
    room_client client{server.at(), "kitchen"};
    auto cursor = client.cursor();
    std::uint64_t received = 0;
    std::uint64_t missed = 0;
    std::uint64_t published = 0;
    for (auto round = 0U; round < 40; ++round) {
        published += publish(server, 1 + static_cast<int>(round % 3)).size();
        if (round % 2 == 1) {
            remove(server);
        }
        auto const answer = client.poll("wait=0&limit=1&after=" + cursor);
        received += answer.messages.size();
        for (auto const& each : answer.gaps) {
            CHECK(each.reason == "deleted");
            missed += each.missed.value_or(0);
        }
        cursor = answer.next;
    }
    received += client.poll("wait=0&after=" + cursor).messages.size();
    CHECK(received + missed == published);
}
