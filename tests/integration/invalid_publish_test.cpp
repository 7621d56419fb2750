// Invalid publishes: the exact error, and nothing appended anywhere.
#include "http_client.hpp"
#include "invalid_input.hpp"
#include "multi_room_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

constexpr auto form_type = "application/x-www-form-urlencoded";
constexpr auto wrong_room =
    "a room's name is 1 to 128 bytes of UTF-8 (percent-encoded in the path) without control characters and '/'";
constexpr auto no_text = "a text message must be valid UTF-8";
constexpr auto no_json =
    "the body is not valid JSON (or has half of a surrogate pair, or too many levels); send it as text/plain if it is "
    "not meant to be";
constexpr auto empty = "the body is the message, and it is empty";
constexpr auto empty_field = "the field 'message' is empty; a message has at least one byte";
constexpr auto wrong_type =
    "send text/plain, application/json, application/x-www-form-urlencoded or application/x-ndjson";
constexpr auto wrong_charset = "send UTF-8; other character sets are not converted";
constexpr auto wrong_as = "'as' must be 1 to 64 characters without control characters";
constexpr auto wrong_key = "Idempotency-Key must be 1 to 128 visible ASCII characters";

struct body_refusal {
    std::string type;
    std::string body;
    int status;
    std::string detail;
};

}  // namespace

TEST_CASE("a body that is not a valid message is refused") {
    server_process const server;
    std::vector<body_refusal> const bodies{
        {"text/plain", "", 400, empty},
        {"text/plain", "\xff", 400, no_text},
        {"text/plain", "cut \xe2\x82", 400, no_text},
        {"text/plain", "\xed\xa0\x80", 400, no_text},
        {"text/plain", "\xf4\x90\x80\x80", 400, no_text},
        {"text/plain; charset=latin1", "x", 415, wrong_charset},
        {"text/plain; charset=\"iso-8859-1\"", "x", 415, wrong_charset},
        {json_type, "", 400, empty},
        {json_type, " ", 400, no_json},
        {json_type, "{", 400, no_json},
        {json_type, "{\"a\"}", 400, no_json},
        {json_type, "[1,]", 400, no_json},
        {json_type, "\"\\ud800\"", 400, no_json},
        {json_type, "1 2", 400, no_json},
        {json_type, "\xef\xbb\xbf{}", 400, no_json},
        {json_type, "\"\xff\"", 400, no_json},
        {"application/json; charset=utf-16", "{}", 415, wrong_charset},
        {form_type, "", 400, empty},
        {form_type, "message=", 400, empty_field},
        {form_type, "message=&message=x", 400, empty_field},
        {form_type, "message=%FF", 400, no_text},
        {form_type, "\xff", 400, no_text},
        {ndjson_type, "", 400, empty},
        {ndjson_type, "\n\n", 400, "the batch has no line that is a message"},
        {ndjson_type, "1\nx", 400, "line 2 is not valid JSON; no line was published"},
        {"image/png", "x", 415, wrong_type},
        {"application/jsonp", "{}", 415, wrong_type},
        {"multipart/form-data; boundary=b", "--b--", 415, wrong_type},
        {"nonsense", "x", 415, wrong_type},
        {"", "x", 415, wrong_type},
    };
    std::vector<invalid_input> table;
    for (auto const& [type, body, status, detail] : bodies) {
        for (auto const* target : {"/room/kitchen/publish", "/publish", "/publish?room=kitchen&room=hall"}) {
            table.push_back({post(target, body, type), status, detail});
            table.push_back({post(target, body, type, {{"Idempotency-Key", "k"}}), status, detail});
        }
    }
    table.push_back({{.method = "POST", .target = "/publish"}, 400, empty});
    check_refused(server, table);
}

TEST_CASE("an invalid publish request is refused") {
    server_process const server;
    std::vector<invalid_input> table;
    for (auto const& room : {std::string{"%00"}, std::string{"a%2Fb"}, std::string{"%FF"}, std::string{"%C2%85"},
                             std::string(129, 'x'), std::string{}}) {
        table.push_back({post("/publish?room=kitchen&room=" + room, "x"), 400, wrong_room});
        table.push_back({post("/room/" + room + "/publish", "x"), 400, wrong_room});
    }
    for (auto const& name : {std::string{}, std::string{"%0A"}, std::string{"%FF"}, std::string(65, 'x')}) {
        table.push_back({post("/room/kitchen/publish?as=" + name, "x"), 400, wrong_as});
        table.push_back({post("/publish?room=a&room=b&as=" + name, "x"), 400, wrong_as});
    }
    for (auto const& key : {std::string{}, std::string{"a b"}, std::string(129, 'x'), std::string{"\xc3\xa9"}}) {
        table.push_back({post("/room/kitchen/publish", "x", "text/plain", {{"Idempotency-Key", key}}), 400, wrong_key});
    }
    table.push_back(
        {post("/room/kitchen/publish?room=hall", "x"), 400, "name rooms in the path or in the query, not in both"});
    table.push_back({post("/room/kitchen:presence/publish", "x"), 403,
                     "a room of joins and leaves is published by the server alone"});
    table.push_back({post("/publish?as=%zz", "x"), 400,
                     "the target must be a path with valid percent-encoding, such as /room/lobby"});
    table.push_back({get("/room/kitchen/publish"), 405, "this path has other methods: see the Allow field"});
    check_refused(server, table);
}

TEST_CASE("a publish whose body cannot be read to its end is refused and the connection closed") {
    server_process const server{{"--max-body", "1000"}};
    struct refusal {
        std::string bytes;
        int status;
        std::string detail;
    };
    auto const head =
        std::string{"POST /room/kitchen/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"};
    for (auto const& [bytes, status, detail] : std::vector<refusal>{
             {post("/room/kitchen/publish", std::string(1001, 'x')).bytes(), 413, "a message may have 1000 bytes"},
             {head + "Content-Length: 1001\r\n\r\n", 413, "a message may have 1000 bytes"},
             {head + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n", 413, "a message may have 1000 bytes"},
             {head + "Transfer-Encoding: chunked\r\n\r\n" + chunked(std::string(1001, 'x'), 400), 413,
              "a message may have 1000 bytes"},
             {head + "Expect: nonsense\r\nContent-Length: 1\r\n\r\nx", 417,
              "the only expectation that can be met is 100-continue"},
         }) {
        INFO(bytes.substr(0, 300));
        http_client client{server.at()};
        client.send(bytes);
        check_problem(client.receive(), status, detail);
        CHECK(client.is_closed_within());
    }
    check_refused(server, {});
}
