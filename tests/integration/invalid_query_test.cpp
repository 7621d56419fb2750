// Invalid requests for the calls that are answered at once: the exact error, and no room is created.
#include "http_client.hpp"
#include "invalid_input.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

constexpr auto wrong_room =
    "a room's name is 1 to 128 bytes of UTF-8 (percent-encoded in the path) without control characters and '/'";
constexpr auto wrong_limit = "'limit' must be a whole number from 1 to 1000";
constexpr auto wrong_method = "this path has other methods: see the Allow field";
constexpr auto nothing_there = "there is nothing at this path; rooms are at /room/{room}";
constexpr auto one_room = "this call is about one room, in its path: /room/{room}/...";

std::string wrong_cursor(std::string const& name) {
    return "'" + name + "' must be a cursor as the server gave it (a message's id, a 'next'), or 0";
}

}  // namespace

TEST_CASE("an invalid request for the history gets the exact error") {
    server_process const server;
    std::vector<invalid_input> table;
    for (auto const* name : {"after", "before"}) {
        for (auto const* cursor : {"", "1", "abc", "abc-x", "a@abc-1", "%20"}) {
            table.push_back(
                {get("/room/kitchen/messages?" + std::string{name} + "=" + cursor), 400, wrong_cursor(name)});
        }
    }
    for (auto const* limit : {"", "0", "1001", "-1", "x", "1e2"}) {
        table.push_back({get("/room/kitchen/messages?limit=" + std::string{limit}), 400, wrong_limit});
    }
    table.push_back({get("/room/kitchen/messages?after=0&before=0"), 400, "give 'after' or 'before', not both"});
    table.push_back({get("/room/kitchen/messages?room=kitchen"), 400, one_room});
    check_refused(server, table);
}

TEST_CASE("an invalid room is refused in every call") {
    server_process const server{{"--allow-delete"}};
    std::vector<invalid_input> table;
    for (auto const& room :
         {std::string{"%00"}, std::string{"a%2Fb"}, std::string{"%FF"}, std::string{"%7F"}, std::string{"%zz"},
          std::string{"%"}, std::string(129, 'x'), std::string(129, 'x') + ":presence"}) {
        auto const path = "/room/" + room;
        table.push_back({get(path), 400, wrong_room});
        table.push_back({get(path, {{"Accept", json_type}}), 400, wrong_room});
        table.push_back({get(path + "/messages"), 400, wrong_room});
        table.push_back({get(path + "/presence"), 400, wrong_room});
        table.push_back({{.method = "DELETE", .target = path}, 400, wrong_room});
    }
    for (auto const* call : {"", "/presence", "/messages"}) {
        table.push_back({get("/room/kitchen" + std::string{call} + "?room=hall"), 400, one_room});
    }
    table.push_back({{.method = "DELETE", .target = "/room/kitchen?room=hall"}, 400, one_room});
    check_refused(server, table);
}

TEST_CASE("an invalid request for the list of rooms is refused") {
    server_process const server;
    std::vector<invalid_input> table;
    for (auto const* limit : {"", "0", "1001", "-1", "x", "0x10"}) {
        table.push_back({get("/rooms?limit=" + std::string{limit}), 400, wrong_limit});
    }
    table.push_back(
        {get("/rooms?prefix=%zz"), 400, "the target must be a path with valid percent-encoding, such as /room/lobby"});
    check_refused(server, table);
}

TEST_CASE("an unknown path, and a known path with another method, are refused") {
    server_process const server;
    std::vector<invalid_input> table{
        {get("/room/kitchen", {{"Accept", "image/png"}}), 406,
         "a room is a page (text/html) or its facts (application/json); accept one of them"},
        {{.method = "DELETE", .target = "/room/kitchen"},
         403,
         "deleting is off; the server's flag --allow-delete turns it on"},
    };
    for (auto const* target :
         {"/nothing", "/room/kitchen/publishes", "/room/kitchen/presence/ann", "/rooms/", "/healthz/x"}) {
        for (auto const* method : {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
            table.push_back({{.method = method, .target = target}, 404, nothing_there});
        }
    }
    for (auto const* target : {"/room/kitchen/subscribe", "/room/kitchen/messages", "/room/kitchen/presence", "/rooms",
                               "/subscribe", "/healthz", "/readyz", "/"}) {
        for (auto const* method : {"POST", "PUT", "PATCH"}) {
            table.push_back({{.method = method, .target = target, .body = "x"}, 405, wrong_method});
        }
    }
    check_refused(server, table);
}
