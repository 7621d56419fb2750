// CORS: pages of other sites are allowed if the operator lists them; otherwise responses have no CORS fields.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

constexpr auto app = "https://app.example";
constexpr auto exposed = "Last-Event-ID, Gap, Room, Superseded, Retry-After, WWW-Authenticate";
header_list const from_app{{"Origin", app}};

request preflight(std::string origin, std::string method, std::string target = "/room/kitchen/publish") {
    return {.method = "OPTIONS",
            .target = std::move(target),
            .headers = {{"Origin", std::move(origin)},
                        {"Access-Control-Request-Method", std::move(method)},
                        {"Access-Control-Request-Headers", "content-type, idempotency-key"}}};
}

bool lists(std::string const& field, std::string_view what) {
    return (", " + field + ",").find(", " + std::string{what} + ",") != std::string::npos;
}

bool has_cors(response const& answer) {
    return std::ranges::any_of(answer.headers,
                               [](auto const& field) { return field.first.starts_with("Access-Control"); });
}

}  // namespace

TEST_CASE("without --allow-origin no response has CORS fields") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* target : {"/room/kitchen/subscribe?wait=0", "/rooms", "/healthz", "/", "/nothing"}) {
        auto const answer = client.exchange(get(target, from_app));
        CHECK_FALSE(has_cors(answer));
        CHECK_FALSE(lists(answer.header("Vary"), "Origin"));
    }
    auto const answer = client.exchange(preflight(app, "POST"));
    INFO(answer.text());
    CHECK(answer.status == 204);
    CHECK(answer.header("Allow") == "POST, OPTIONS");
    CHECK_FALSE(has_cors(answer));
}

TEST_CASE("a listed origin may read the 413 for a message that is refused before it is read") {
    server_process const server{{"--allow-origin", app, "--max-body", "100"}};
    auto too_long = post("/room/kitchen/publish", std::string(101, 'x'));
    too_long.headers.emplace_back("Origin", app);
    http_client client{server.at()};
    auto const answer = client.exchange(too_long);
    INFO(answer.text());
    CHECK(answer.status == 413);
    CHECK(answer.header("Access-Control-Allow-Origin") == app);
}

TEST_CASE("a listed origin may read every response, errors too, and no other origin may") {
    server_process const server{{"--allow-origin", app, "--allow-origin", "http://localhost:3000"}};
    http_client client{server.at()};
    std::vector<request> const requests{get("/room/kitchen/subscribe?wait=0"),
                                        get("/room/kitchen/subscribe?wait=0", {{"Accept", json_type}}),
                                        post("/room/kitchen/publish", "x"),
                                        post("/room/kitchen/publish", "x", "image/png"),
                                        get("/room/kitchen/messages"),
                                        get("/room/kitchen/presence"),
                                        get("/rooms"),
                                        get("/nothing"),
                                        {.method = "PUT", .target = "/rooms"},
                                        {.method = "DELETE", .target = "/room/kitchen"},
                                        get("/room/kitchen/subscribe", {{"Accept", "image/png"}})};
    for (auto const& origin : {std::string{app}, std::string{"http://localhost:3000"}}) {
        for (auto each : requests) {
            each.headers.emplace_back("Origin", origin);
            auto const answer = client.exchange(each);
            INFO(each.method << ' ' << each.target << '\n' << answer.text());
            CHECK(answer.header("Access-Control-Allow-Origin") == origin);
            CHECK(answer.header("Access-Control-Expose-Headers") == exposed);
            CHECK(lists(answer.header("Vary"), "Origin"));
        }
    }
    for (auto const* origin :
         {"https://app.example.com", "http://app.example", "https://app.example:444", "null", ""}) {
        for (auto each : requests) {
            each.headers.emplace_back("Origin", origin);
            auto const answer = client.exchange(each);
            CHECK_FALSE(has_cors(answer));
            CHECK(lists(answer.header("Vary"), "Origin"));
        }
    }
    // The response varies by Origin, also without one.
    CHECK(lists(client.exchange(get("/rooms")).header("Vary"), "Origin"));
}

TEST_CASE("streams may be read by a listed origin") {
    server_process const server{{"--allow-origin", app}};
    for (auto const* type : {ndjson_type, sse_type}) {
        stream_client const stream{server.at(), "/room/kitchen/subscribe", type, from_app};
        CHECK(stream.head().header("Access-Control-Allow-Origin") == app);
        CHECK(stream.head().header("Access-Control-Expose-Headers") == exposed);
        CHECK(lists(stream.head().header("Vary"), "Origin"));
    }
}

TEST_CASE("a preflight is answered with what is allowed") {
    server_process const server{{"--allow-origin", app}};
    http_client client{server.at()};
    auto const answer = client.exchange(preflight(app, "POST"));
    INFO(answer.text());
    CHECK(answer.status == 204);
    CHECK(answer.header("Access-Control-Allow-Origin") == app);
    CHECK(lists(answer.header("Access-Control-Allow-Methods"), "POST"));
    for (auto const* field : {"Content-Type", "Idempotency-Key", "Last-Event-ID", "Prefer"}) {
        CHECK(lists(answer.header("Access-Control-Allow-Headers"), field));
    }
    CHECK(answer.header("Access-Control-Max-Age") == "600");
    CHECK(lists(answer.header("Vary"), "Origin"));
    CHECK(lists(client.exchange(preflight(app, "DELETE", "/room/kitchen")).header("Access-Control-Allow-Methods"),
                "DELETE"));
    CHECK_FALSE(has_cors(client.exchange(preflight("https://elsewhere.example", "POST"))));
    check_problem(client.exchange(preflight(app, "GET", "/nothing")), 404);
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
}

TEST_CASE("* allows every origin") {
    server_process const server{{"--allow-origin", "*"}};
    http_client client{server.at()};
    for (auto const* origin : {app, "null", "http://anything.example:81"}) {
        auto const answer = client.exchange(get("/rooms", {{"Origin", origin}}));
        CHECK(answer.header("Access-Control-Allow-Origin") == "*");
        CHECK_FALSE(answer.has("Access-Control-Allow-Credentials"));
        CHECK_FALSE(lists(answer.header("Vary"), "Origin"));
    }
    CHECK(client.exchange(preflight(app, "POST")).header("Access-Control-Allow-Origin") == "*");
    CHECK_FALSE(has_cors(client.exchange(get("/rooms"))));
}

TEST_CASE("a response does not inherit the permission of the previous one on its connection") {
    server_process const server{{"--allow-origin", app}};
    http_client client{server.at()};
    CHECK(has_cors(client.exchange(get("/rooms", from_app))));
    CHECK_FALSE(has_cors(client.exchange(get("/rooms"))));
    client.send(get("/rooms", from_app).bytes() + "nonsense\r\n\r\n");
    CHECK(has_cors(client.receive()));
    CHECK_FALSE(has_cors(client.receive()));
}

TEST_CASE("an invalid origin is refused by --allow-origin") {
    for (auto const* value :
         {"app.example", "https://app.example/", "https://", "https://a b", "https://user@app.example"}) {
        auto const run = run_server({.flags = {"--allow-origin", value}});
        INFO(value << '\n' << run.err);
        CHECK(run.status.code != 0);
        CHECK(run.err.find("--allow-origin") != std::string::npos);
    }
}
