// A poll that repeats the previous one on its connection reuses its parsed head; one that differs is parsed again.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

header_list const small = {{"Accept", "*/*"}, {"User-Agent", "test"}};

/// A client of a room with ten messages, which has polled the first four of them one by one with the same header
/// fields, so that the server reuses its state from one poll to the next.
struct regular {
    explicit regular(server_process const& server, std::string name = "kitchen")
        : room(std::move(name)), client(server.at(), room), writer(server.at(), room) {
        for (int i = 1; i <= 10; ++i)
            ids.push_back(writer.publish(std::to_string(i)));
        auto next = client.poll_raw("after=0", small);
        for (int i = 2; i <= 4; ++i) {
            CHECK(next.body == std::to_string(i - 1));
            next = client.poll_raw("after=" + ids[static_cast<std::size_t>(i) - 2], small);
        }
        CHECK(next.body == "4");
        CHECK(next.header("Last-Event-ID") == ids[3]);
    }

    response ask(std::string const& target, header_list const& headers = small) {
        return client.http().exchange(get(target, headers));
    }
    std::string at(std::string const& cursor) const { return client.target("/subscribe?after=" + cursor); }

    std::string room;
    room_client client;
    room_client writer;
    std::vector<std::string> ids;
};

}  // namespace

TEST_CASE("a client that keeps polling gets each message once") {
    server_process const server;
    for (auto const* name : {"kitchen", "a%20b", "na%C3%AFve", "100%25", "a%3Fb", "a&b", "a=b"}) {
        INFO(name);
        regular it(server, name);
        for (std::size_t i = 5; i <= 10; ++i)
            CHECK(it.ask(it.at(it.ids[i - 2])).body == std::to_string(i));
        it.client.start_poll("after=" + it.ids.back(), small);
        await_subscribers(server.at(), name, 1);
        auto const id = it.writer.publish("late");
        auto const answer = it.client.http().receive();
        CHECK(answer.body == "late");
        CHECK(answer.header("Last-Event-ID") == id);
    }
}

TEST_CASE("a poll with another cursor than the one just returned uses that cursor") {
    server_process const server;
    regular it(server);
    CHECK(it.ask(it.at(it.ids[1])).body == "3");
    CHECK(it.ask(it.at(it.ids[6])).body == "8");
    CHECK(it.ask(it.at("0")).body == "1");
    CHECK(it.ask(it.at("zzzzz-3")).header("Gap") == "restarted");
    check_problem(it.ask(it.at("nonsense")), 400);
    CHECK(it.ask(it.at(it.ids[4])).body == "6");
}

TEST_CASE("a poll with other header fields is answered by those") {
    server_process const server;
    regular it(server);
    auto const json = it.ask(it.at(it.ids[3]), {{"Accept", "application/json"}, {"User-Agent", "test"}});
    CHECK(json.media_type() == "application/json");
    CHECK(json.json().at("messages").as_array().size() == 6);
    CHECK(it.ask(it.at(it.ids[4])).body == "6");
    check_problem(it.ask(it.at(it.ids[5]), {{"Accept", "image/png"}, {"User-Agent", "test"}}), 406);
    stopwatch const watch;
    CHECK(it.ask(it.at(it.ids[9]), {{"Accept", "*/*"}, {"User-Agent", "test"}, {"Prefer", "wait=0"}}).status == 204);
    CHECK(watch.elapsed() < 5s);
}

TEST_CASE("a poll with another query is answered by that") {
    server_process const server;
    regular it(server);
    CHECK(it.ask(it.at(it.ids[9]) + "&wait=0").status == 204);
    CHECK(it.ask(it.at(it.ids[3])).body == "5");
    check_problem(it.ask(it.at(it.ids[4]) + "&wait=soon"), 400);
    CHECK(it.ask(it.at(it.ids[4])).body == "6");
    CHECK(it.ask(it.client.target("/subscribe?wait=0")).status == 204);
    CHECK(it.ask(it.at(it.ids[5]) + "&as=ann").body == "7");
    CHECK(it.ask(it.at(it.ids[6])).body == "8");
    CHECK(room_client{server.at(), "kitchen:presence"}.facts().messages == 1);
}

TEST_CASE("another room or call on the same connection is answered as itself") {
    server_process const server;
    regular it(server);
    auto const other = room_client{server.at(), "hall"}.publish("of the hall");
    CHECK(it.ask("/room/hall/subscribe?after=0").body == "of the hall");
    CHECK(it.ask("/room/hall/subscribe?after=" + other + "&wait=0").status == 204);
    CHECK(it.ask(it.at(it.ids[3])).body == "5");
    CHECK(it.ask(it.client.target("/messages?after=" + it.ids[4])).json().at("messages").as_array().size() == 5);
    CHECK(it.ask(it.at(it.ids[4])).body == "6");
    CHECK(it.client.http().exchange(post(it.client.target("/publish"), "eleven")).status == 201);
    CHECK(it.ask(it.at(it.ids[9])).body == "eleven");
    check_problem(it.client.http().exchange({.method = "PUT", .target = it.at(it.ids[9]), .headers = small}), 405);
}

TEST_CASE("polls that arrive in one packet, or split anywhere, are each answered") {
    server_process const server;
    regular it(server);
    std::string both;
    for (std::size_t i = 3; i < 8; ++i)
        both += get(it.at(it.ids[i]), small).bytes();
    it.client.http().send(both);
    for (std::size_t i = 5; i < 10; ++i)
        CHECK(it.client.http().receive().body == std::to_string(i));
    auto const one = get(it.at(it.ids[8]), small).bytes();
    for (std::size_t cut = 1; cut < one.size(); cut += 7) {
        it.client.http().send(one.substr(0, cut));
        it.client.http().send(one.substr(cut));
        CHECK(it.client.http().receive().body == "10");
    }
}

TEST_CASE("a poll that continues after its room was deleted gets a gap") {
    server_process const server{{"--allow-delete"}};
    regular it(server);
    CHECK(room_client{server.at(), "kitchen"}.http().exchange({.method = "DELETE", .target = "/room/kitchen"}).status /
              100 ==
          2);
    auto const id = it.writer.publish("anew");
    auto const answer = it.ask(it.at(it.ids[3]));
    CHECK(answer.header("Gap").starts_with("deleted"));
    CHECK(answer.body == "anew");
    CHECK(answer.header("Last-Event-ID") == id);
}
