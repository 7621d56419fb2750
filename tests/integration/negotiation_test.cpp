// The form of the response to a poll, selected by Accept.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

TEST_CASE("Accept selects raw or JSON") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    client.publish("hello");
    struct choice {
        std::string accept;
        std::string type;
    };
    std::vector<choice> const choices{
        {"*/*", "text/plain"},
        {"text/*", "text/plain"},
        {"text/plain", "text/plain"},
        {"TEXT/Plain", "text/plain"},
        {"text/plain;charset=utf-8", "text/plain"},
        {"application/json", json_type},
        {"Application/JSON", json_type},
        {"application/*", json_type},
        {"application/json, */*;q=0.1", json_type},
        {"application/json;q=0.4, text/plain;q=0.6", "text/plain"},
        {"application/json;q=0.6, text/plain;q=0.4", json_type},
        {"application/json; q=0.60 , text/plain ;q=0.599", json_type},
        {"text/plain;q=0, */*", json_type},
        {"application/json;q=0, */*", "text/plain"},
        {"image/png, application/json;q=0.001", json_type},
        {"*/*;q=0.1, application/json;q=0.2", json_type},
        {"*/*;q=0.2, application/json;q=0.1", "text/plain"},
    };
    for (auto const& [accept, type] : choices) {
        auto const answer = client.poll_raw("after=0&wait=0", {{"Accept", accept}});
        INFO(accept << '\n' << answer.text());
        CHECK(answer.status == 200);
        CHECK(answer.media_type() == type);
        CHECK((answer.body == "hello") == (type == "text/plain"));
    }
}

TEST_CASE("several Accept headers are one list") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    client.publish("hello");
    auto const answer = client.poll_raw("after=0", {{"Accept", "text/plain;q=0.5"}, {"Accept", "application/json"}});
    CHECK(answer.media_type() == json_type);
}

TEST_CASE("without an acceptable form the response is 406 at once") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    for (auto const* accept : {"image/png", "text/html", "application/xml;q=0.9, image/*", "*/*;q=0",
                               "text/plain;q=0, application/json;q=0.0"}) {
        INFO(accept);
        check_problem(client.poll_raw("", {{"Accept", accept}}), 406);
    }
    CHECK(client.facts().subscribers == 0);
}
