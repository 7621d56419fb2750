// Valid room names, and their encoding in a target.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

std::string repeated(std::string const& text, int times) {
    std::string all;
    for (auto i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

}  // namespace

TEST_CASE("a room's name is the decoded segment of the target") {
    server_process const server;
    struct name {
        std::string encoded;
        std::string decoded;
    };
    std::vector<name> const names{
        {"kitchen", "kitchen"},
        {"a%20b", "a b"},
        {"a+b", "a+b"},
        {"100%25", "100%"},
        {"caf%C3%A9", "café"},
        {"%F0%9F%9A%AA", "🚪"},
        {"%2e%2e", ".."},
        {"%2E", "."},
        {"a%3Fb%23c", "a?b#c"},
        {"%22%3C%3E%5C", "\"<>\\"},
        {"a:presence-of-mind;x=1,y&z", "a:presence-of-mind;x=1,y&z"},
        {"~a-b_c.d!$'()*@", "~a-b_c.d!$'()*@"},
        {"subscribe", "subscribe"},
        {std::string(128, 'x'), std::string(128, 'x')},
        {repeated("%41", 128), std::string(128, 'A')},
        {repeated("%E2%82%AC", 42) + "ab", repeated("€", 42) + "ab"},
    };
    for (auto const& [encoded, decoded] : names) {
        INFO(encoded);
        room_client client{server.at(), encoded};
        client.publish("in " + decoded);
        CHECK(client.facts().room == decoded);
        CHECK(client.poll("after=0").texts() == std::vector{"in " + decoded});
        CHECK(client.poll_raw("after=0").body == "in " + decoded);
        CHECK(client.http().exchange(get(client.target("/messages"))).json().at("messages").as_array().size() == 1);
    }
}

TEST_CASE("two spellings of a name are the same room") {
    server_process const server;
    room_client{server.at(), "kitchen"}.publish("plain");
    CHECK(room_client{server.at(), "%6b%69tch%65n"}.poll("after=0").texts() == std::vector<std::string>{"plain"});
    CHECK(room_client{server.at(), "%6B%69tch%65n"}.poll("after=0").texts() == std::vector<std::string>{"plain"});
    CHECK(room_client{server.at(), "Kitchen"}.poll("after=0&wait=0").messages.empty());
}

TEST_CASE("an invalid room name is refused in every call") {
    server_process const server;
    std::vector<std::string> const wrong{
        "%00",
        "a%00b",
        "%0A",
        "%1F",
        "%7F",
        "%2F",
        "a%2fb",
        "%FF",
        "%C0%AF",
        "%ED%A0%80",
        "caf%C3",
        "%",
        "%4",
        "%zz",
        "a%",
        std::string(129, 'x'),
        repeated("%E2%82%AC", 43),
    };
    for (auto const& name : wrong) {
        room_client client{server.at(), name};
        INFO(name);
        check_problem(client.http().exchange(get(client.target(), {{"Accept", json_type}})), 400);
        check_problem(client.http().exchange(get(client.target())), 400);
        check_problem(client.http().exchange(get(client.target("/subscribe?wait=0"))), 400);
        check_problem(client.http().exchange(get(client.target("/messages"))), 400);
        check_problem(client.http().exchange(post(client.target("/publish"), "x")), 400);
    }
}

TEST_CASE("an empty room name is not a room") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* target : {"/room//subscribe?wait=0", "/room//messages", "/room/"}) {
        auto const answer = client.exchange(get(target, {{"Accept", json_type}}));
        INFO(target << '\n' << answer.text());
        CHECK(answer.status == 400);
        CHECK(answer.media_type() == "application/problem+json");
    }
}
