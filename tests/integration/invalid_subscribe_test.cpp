// Invalid subscribe requests: the exact error, at once, in every form.
#include "http_client.hpp"
#include "invalid_input.hpp"
#include "multi_room_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <array>
#include <string>
#include <utility>
#include <vector>

using namespace anteroom::integration;

namespace {

constexpr auto wrong_room =
    "a room's name is 1 to 128 bytes of UTF-8 (percent-encoded in the path) without control characters and '/'";
constexpr auto wrong_after = "'after' must be a cursor as the server gave it (a message's id, a 'next'), or 0";
constexpr auto wrong_several = "in several rooms 'after' must be a cursor of several (a 'next' from there), or 0";
constexpr auto wrong_wait = "'wait' must be a number of seconds, 0 or more";
constexpr auto wrong_limit = "'limit' must be a whole number from 1 to 1000";
constexpr auto wrong_as = "'as' must be 1 to 64 characters without control characters";
constexpr auto wrong_client = "'client' must be 1 to 128 visible ASCII characters";
constexpr auto wrong_target = "the target must be a path with valid percent-encoding, such as /room/lobby";

/// A request for a target in a form.
request in_form(form how, std::string target, header_list headers = {}) {
    if (how == form::websocket) {
        return websocket_request(std::move(target), headers);
    }
    constexpr std::array<char const*, 4> types{"*/*", json_type, ndjson_type, sse_type};
    headers.emplace_back("Accept", types.at(static_cast<std::size_t>(how)));
    return get(std::move(target), std::move(headers));
}

}  // namespace

TEST_CASE("an invalid subscribe request is refused") {
    auto const how = GENERATE(from_range(all_forms));
    INFO(name_of(how));
    server_process const server;
    std::vector<std::pair<std::string, char const*>> const parameters{
        {"after=", wrong_after},
        {"after=1", wrong_after},
        {"after=abc", wrong_after},
        {"after=abc-", wrong_after},
        {"after=-1", wrong_after},
        {"after=abc-x", wrong_after},
        {"after=abc-1x", wrong_after},
        {"after=abc--1", wrong_after},
        {"after=abc-1-2", wrong_after},
        {"after=ABC-1", wrong_after},
        {"after=00", wrong_after},
        {"after=abc-99999999999999999999999", wrong_after},
        {"after=zzzzzzzzzzzzzzzzzzzzzzzzz-1", wrong_after},
        {"after=%20abc-1", wrong_after},
        {"after=a@", wrong_after},
        {"after=@abc-1", wrong_after},
        {"after=a@abc-1,", wrong_after},
        {"after=,a@abc-1", wrong_after},
        {"after=a@abc-1,b", wrong_after},
        {"after=a%25zz@abc-1", wrong_after},
        {"wait=", wrong_wait},
        {"wait=x", wrong_wait},
        {"wait=-1", wrong_wait},
        {"wait=1s", wrong_wait},
        {"wait=1.2.3", wrong_wait},
        {"wait=.5", wrong_wait},
        {"wait=1.2345", wrong_wait},
        {"wait=%2B1", wrong_wait},
        {"wait=NaN", wrong_wait},
        {"limit=0", wrong_limit},
        {"limit=", wrong_limit},
        {"limit=1001", wrong_limit},
        {"limit=-1", wrong_limit},
        {"limit=1.5", wrong_limit},
        {"limit=ten", wrong_limit},
        {"limit=99999999999999999999999", wrong_limit},
        {"as=", wrong_as},
        {"as=%0A", wrong_as},
        {"as=%FF", wrong_as},
        {"as=%7F", wrong_as},
        {"as=" + std::string(65, 'x'), wrong_as},
        {"client=", wrong_client},
        {"client=a%20b", wrong_client},
        {"client=%00", wrong_client},
        {"client=" + std::string(129, 'x'), wrong_client},
        {"as=%zz", wrong_target},
        {"as=%", wrong_target},
        {"as=%4", wrong_target},
    };
    std::vector<invalid_input> table;
    for (auto const& [query, detail] : parameters) {
        table.push_back({in_form(how, "/room/kitchen/subscribe?" + query), 400, detail});
        table.push_back({in_form(how, "/subscribe?" + query), 400, detail});
        table.push_back({in_form(how, "/subscribe?room=kitchen&room=hall&" + query), 400, detail});
    }
    for (auto const* cursor : {"abc", "abc-", "x y"}) {
        table.push_back({in_form(how, "/room/kitchen/subscribe", {{"Last-Event-ID", cursor}}), 400, wrong_after});
    }
    table.push_back({in_form(how, "/subscribe?room=kitchen&after=abc-1"), 400, wrong_several});
    table.push_back({in_form(how, "/subscribe?room=kitchen", {{"Last-Event-ID", "abc-1"}}), 400, wrong_several});
    table.push_back({in_form(how, "/room/kitchen/subscribe?room=kitchen"), 400,
                     "name rooms in the path or in the query, not in both"});
    for (auto const& room : {std::string{}, std::string{"%00"}, std::string{"a%2Fb"}, std::string{"%FF"},
                             std::string{"%1F"}, std::string{"%C2%85"}, std::string(129, 'x')}) {
        table.push_back({in_form(how, "/subscribe?room=kitchen&room=" + room), 400, wrong_room});
        table.push_back({in_form(how, "/room/" + room + "/subscribe"), 400, wrong_room});
    }
    table.push_back({in_form(how, "/room/%zz/subscribe"), 400, wrong_room});
    check_refused(server, table);
}

TEST_CASE("an unsupported form is refused") {
    server_process const server;
    constexpr auto detail =
        "this answers as text/plain (one message, raw), application/json, application/x-ndjson or text/event-stream; "
        "accept one of them, or upgrade to a WebSocket";
    std::vector<invalid_input> table;
    for (auto const* accept :
         {"image/png", "text/html", "*/*;q=0", "application/xml, image/*", "text/event-stream;q=0", "nonsense"}) {
        table.push_back({get("/room/kitchen/subscribe?as=ann&client=c", {{"Accept", accept}}), 406, detail});
        table.push_back({get("/subscribe?room=a&room=b", {{"Accept", accept}}), 406, detail});
    }
    check_refused(server, table);
}

TEST_CASE("Accept selects a stream as it selects a poll") {
    server_process const server;
    room_client{server.at(), "kitchen"}.publish("hello");
    struct choice {
        std::string accept;
        std::string type;
    };
    for (auto const& [accept, type] :
         std::vector<choice>{{"text/event-stream, */*;q=0.5", sse_type},
                             {"application/x-ndjson;q=0.9, text/event-stream;q=0.8", ndjson_type},
                             {"application/x-ndjson;q=0.1, text/event-stream;q=0.2", sse_type},
                             {"Text/Event-Stream", sse_type},
                             {"text/plain;q=0.1, text/*;q=0.2", sse_type},
                             {"image/png, application/x-ndjson;q=0.001", ndjson_type}}) {
        INFO(accept);
        connection client{server.at()};
        client.send(get("/room/kitchen/subscribe?after=0", {{"Accept", accept}}).bytes());
        std::string head;
        while (head.find("\r\n\r\n") == std::string::npos) {
            REQUIRE(client.read_some(head, default_timeout) == read_outcome::data);
        }
        CHECK(head.find("Content-Type: " + type + "\r\n") != std::string::npos);
    }
}
