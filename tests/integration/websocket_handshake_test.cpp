// The WebSocket handshake, and how it is refused.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

constexpr auto target = "/room/kitchen/subscribe";

struct refusal {
    header_list headers;
    int status;
    std::string detail;
};

constexpr auto wrong_version = "the version of WebSocket that is spoken here is 13: send Sec-WebSocket-Version: 13";
constexpr auto wrong_key = "Sec-WebSocket-Key must be 16 random bytes in base64";
constexpr auto wrong_origin =
    "pages of this site may not open a WebSocket here; list its origin with --allow-origin or, "
    "if it is the server's own behind a proxy, see --trust-proxy";

}  // namespace

TEST_CASE("the handshake has the cursor that the socket starts at") {
    server_process const server;
    auto const id = room_client{server.at(), "kitchen"}.publish("before");
    websocket_client reader{server.at(), target};
    CHECK(reader.handshake().header("Last-Event-ID") == id);
    CHECK_FALSE(reader.handshake().has("Content-Length"));
    CHECK_FALSE(reader.handshake().has("Sec-WebSocket-Extensions"));
    CHECK_FALSE(reader.handshake().has("Sec-WebSocket-Protocol"));
    auto const next = room_client{server.at(), "kitchen"}.publish("after");
    CHECK(reader.next_message().id == next);
}

TEST_CASE("the fields of a handshake may be spelled as HTTP allows") {
    server_process const server;
    for (auto const& headers :
         {header_list{{"Connection", "keep-alive, Upgrade"}}, header_list{{"Connection", "upgrade"}},
          header_list{{"Upgrade", "WebSocket"}}, header_list{{"Upgrade", "h2c, websocket"}},
          header_list{{"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}},
          header_list{{"Sec-WebSocket-Extensions", "nonsense"}}, header_list{{"Sec-WebSocket-Protocol", "chat"}},
          header_list{{"Accept", "image/png"}}}) {
        INFO(headers.front().first << ": " << headers.front().second);
        websocket_client const socket{server.at(), target, headers};
        CHECK_FALSE(socket.handshake().has("Sec-WebSocket-Extensions"));
    }
}

TEST_CASE("an invalid handshake is refused, joins no room and leaves the connection usable") {
    server_process const server;
    std::vector<refusal> const refusals{
        {{{"Sec-WebSocket-Version", "8"}}, 426, wrong_version},
        {{{"Sec-WebSocket-Version", "14"}}, 426, wrong_version},
        {{{"Sec-WebSocket-Version", "x"}}, 426, wrong_version},
        {{{"Sec-WebSocket-Version", ""}}, 426, wrong_version},
        {{{"Sec-WebSocket-Key", ""}}, 400, wrong_key},
        {{{"Sec-WebSocket-Key", "short"}}, 400, wrong_key},
        {{{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ"}}, 400, wrong_key},
        {{{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZTE="}}, 400, wrong_key},
        {{{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j!!=="}}, 400, wrong_key},
        {{{"Origin", "https://elsewhere.example"}}, 403, wrong_origin},
        {{{"Origin", "null"}}, 403, wrong_origin},
        {{{"Origin", "http://localhost:444"}}, 403, wrong_origin},
        {{{"Origin", "http://localhost.elsewhere.example"}}, 403, wrong_origin},
    };
    http_client client{server.at()};
    for (auto const& [headers, status, detail] : refusals) {
        INFO(headers.front().first << ": " << headers.front().second);
        auto const answer = client.exchange(websocket_request(target + std::string{"?as=ann"}, headers));
        check_problem(answer, status, detail);
        CHECK(answer.header("Upgrade") == (status == 426 ? "websocket" : ""));
        CHECK((status != 426 || answer.header("Sec-WebSocket-Version") == "13"));
    }
    room_client watcher{server.at(), "kitchen:presence"};
    CHECK(watcher.facts().messages == 0);
    CHECK(client.exchange(get("/room/kitchen/presence")).json().at("present").as_array().empty());
    CHECK(room_client{server.at(), "kitchen"}.facts().subscribers == 0);
}

TEST_CASE("a refused handshake supersedes nobody") {
    server_process const server;
    room_client waiting{server.at(), "kitchen"};
    waiting.start_poll("client=tab-1");
    await_subscribers(server.at(), "kitchen", 1);
    http_client client{server.at()};
    struct {
        header_list headers;
        int status;
    } const rows[] = {
        {{{"Sec-WebSocket-Key", "x"}}, 400},
        {{{"Sec-WebSocket-Version", "8"}}, 426},
        {{{"Origin", "https://elsewhere.example"}}, 403},
    };
    for (auto const& [headers, status] : rows)
        CHECK(client.exchange(websocket_request(target + std::string{"?client=tab-1"}, headers)).status == status);
    auto const id = room_client{server.at(), "kitchen"}.publish("hello");
    auto const answer = waiting.finish_poll();
    CHECK_FALSE(answer.superseded);
    CHECK(answer.next == id);
}

TEST_CASE("an incomplete WebSocket upgrade is served as a poll") {
    server_process const server;
    http_client client{server.at()};
    for (auto const& headers :
         {header_list{{"Upgrade", ""}}, header_list{{"Connection", "keep-alive"}}, header_list{{"Upgrade", "h2c"}}}) {
        CHECK(client.exchange(websocket_request(target + std::string{"?wait=0"}, headers)).status == 204);
    }
    auto old = websocket_request(target + std::string{"?wait=0"});
    old.version = "HTTP/1.0";
    CHECK(http_client{server.at()}.exchange(old).status == 204);
}

TEST_CASE("pages of the server's own origin and of listed ones may open a WebSocket") {
    server_process const own;
    for (auto const* origin : {"http://localhost", "http://LOCALHOST:80"}) {
        CHECK(websocket_client{own.at(), target, {{"Origin", origin}}}.handshake().status == 101);
    }
    server_process const listing{{"--allow-origin", "https://app.example"}};
    CHECK(websocket_client{listing.at(), target, {{"Origin", "https://app.example"}}}.handshake().status == 101);
    CHECK(websocket_client{listing.at(), target, {{"Origin", "http://localhost"}}}.handshake().status == 101);
    check_problem(
        http_client{listing.at()}.exchange(websocket_request(target, {{"Origin", "https://app.example.com"}})), 403,
        wrong_origin);
    server_process const open{{"--allow-origin", "*"}};
    CHECK(websocket_client{open.at(), target, {{"Origin", "https://anywhere.example"}}}.handshake().status == 101);
}
