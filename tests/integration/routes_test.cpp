// Paths and methods: routing, HEAD, and the form of every error.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

bool allows(response const& answer, std::string const& method) {
    auto list = answer.header("Allow") + ",";
    std::erase(list, ' ');
    return list.starts_with(method + ",") || list.find("," + method + ",") != std::string::npos;
}

}  // namespace

TEST_CASE("an unknown path is 404") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* method : {"GET", "POST", "DELETE"}) {
        for (auto const* target :
             {"/nothing", "/room", "/room/kitchen/nothing", "/rooms/kitchen", "/room/kitchen/subscribe/more",
              "/index.html", "/healthz/", "/Healthz", "/favicon.png"}) {
            INFO(method << ' ' << target);
            check_problem(client.exchange({.method = method, .target = target}), 404);
        }
    }
}

TEST_CASE("a known path with another method is 405 with Allow") {
    server_process const server;
    http_client client{server.at()};
    struct refusal {
        std::string method;
        std::string target;
        std::string allowed;
    };
    std::vector<refusal> const refusals{
        {"POST", "/", "GET"},
        {"PUT", "/room/kitchen", "GET"},
        {"POST", "/room/kitchen", "GET"},
        {"DELETE", "/room/kitchen/messages", "GET"},
        {"POST", "/room/kitchen/presence", "GET"},
        {"PATCH", "/room/kitchen", "DELETE"},
        {"POST", "/room/kitchen/subscribe", "GET"},
        {"HEAD", "/room/kitchen/subscribe", "GET"},
        {"DELETE", "/room/kitchen/subscribe", "GET"},
        {"GET", "/room/kitchen/publish", "POST"},
        {"HEAD", "/room/kitchen/publish", "POST"},
        {"PUT", "/room/kitchen/publish", "POST"},
        {"POST", "/room/kitchen/messages", "GET"},
        {"PATCH", "/rooms", "GET"},
        {"POST", "/subscribe", "GET"},
        {"GET", "/publish", "POST"},
        {"POST", "/healthz", "GET"},
        {"DELETE", "/readyz", "GET"},
        {"POST", "/assets/styles/style.css", "GET"},
    };
    for (auto const& [method, target, allowed] : refusals) {
        auto const answer = client.exchange({.method = method, .target = target});

        INFO(method << ' ' << target << '\n' << answer.text());
        CHECK(answer.status == 405);
        CHECK(allows(answer, allowed));
        CHECK_FALSE(allows(answer, method));
        if (method != "HEAD") {
            check_problem(answer, 405);
        }
    }
}

TEST_CASE("Allow lists HEAD where HEAD is answered") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* target :
         {"/", "/room/kitchen", "/room/kitchen/messages", "/room/kitchen/presence", "/rooms", "/healthz"}) {
        INFO(target);
        CHECK(allows(client.exchange({.method = "PUT", .target = target}), "HEAD"));
    }
}

TEST_CASE("an unknown method is refused") {
    server_process const server;
    http_client client{server.at()};
    auto const answer = client.exchange({.method = "BREW", .target = "/room/kitchen"});
    INFO(answer.text());
    CHECK(answer.status == 501);
    CHECK(answer.media_type() == "application/problem+json");
}

TEST_CASE("HEAD is answered like GET, without the body") {
    server_process const server;
    room_client{server.at(), "kitchen"}.publish("hello");
    http_client client{server.at()};
    for (auto const* target :
         {"/", "/room/kitchen", "/room/kitchen/messages", "/room/kitchen/presence", "/rooms", "/healthz", "/readyz",
          "/assets/styles/style.css", "/nothing", "/room/kitchen/messages?limit=0"}) {
        for (auto const& accept : {header_list{}, header_list{{"Accept", "application/json"}}}) {
            auto const whole = client.exchange({.target = target, .headers = accept});
            auto const head = client.exchange({.method = "HEAD", .target = target, .headers = accept});

            INFO(target << '\n' << whole.text() << "\n-- HEAD --\n" << head.text());
            CHECK(head.status == whole.status);
            CHECK(head.header("Content-Type") == whole.header("Content-Type"));
            CHECK(head.header("Content-Length") == whole.header("Content-Length"));
            CHECK(head.header("ETag") == whole.header("ETag"));
            // The next response on the connection would be garbled if a body had been sent.
            CHECK(client.exchange(get("/healthz")).status == 200);
        }
    }
}

TEST_CASE("a HEAD that is refused where GET would wait sends no body either") {
    server_process const server;
    http_client client{server.at()};
    CHECK(client.exchange({.method = "HEAD", .target = "/room/kitchen/subscribe"}).status == 405);
    CHECK(client.exchange(get("/healthz")).status == 200);
}

TEST_CASE("a target in absolute form is equivalent to its path") {
    server_process const server;
    http_client client{server.at()};
    CHECK(client.exchange(get("http://localhost/healthz")).status == 200);
    CHECK(client.exchange(get("http://localhost/room/kitchen/subscribe?wait=0")).status == 204);
    check_problem(client.exchange(get("http://localhost/nothing")), 404);
}

TEST_CASE("a running server is alive and ready") {
    server_process const server;
    http_client client{server.at()};
    CHECK(client.exchange(get("/healthz")).status == 200);
    CHECK(client.exchange(get("/readyz")).status == 200);
}

TEST_CASE("/subscribe and /publish are for room lobby") {
    server_process const server;
    room_client lobby{server.at(), "lobby"};
    lobby.start_poll();
    await_subscribers(server.at(), "lobby", 1);
    http_client client{server.at()};

    auto const published = client.exchange(post("/publish?as=ann", "hello"));
    CHECK(published.status == 201);
    CHECK(published.json().at("subscribers").to_number<int>() == 1);
    auto const heard = lobby.finish_poll();
    REQUIRE(heard.texts() == std::vector<std::string>{"hello"});
    CHECK(heard.messages[0].from == "ann");

    auto const raw = client.exchange(get("/subscribe?after=0"));
    CHECK(raw.status == 200);
    CHECK(raw.body == "hello");
    CHECK(raw.header("Last-Event-ID") == heard.next);
}
