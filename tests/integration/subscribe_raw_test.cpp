// The raw long poll: one message as it was published, its cursor in a header, 204 without a message.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>

using namespace anteroom::integration;

namespace {

void check_poll_headers(response const& answer, std::string const& cursor) {
    INFO(answer.text());
    CHECK(answer.header("Last-Event-ID") == cursor);
    CHECK(answer.header("Cache-Control") == "no-store");
}

}  // namespace

TEST_CASE("a raw poll waits and is woken by a publish") {
    server_process const server;
    room_client reader{server.at(), "kitchen"};
    room_client writer{server.at(), "kitchen"};
    for (auto const& accept : {header_list{}, header_list{{"Accept", "*/*"}}, header_list{{"Accept", "text/plain"}}}) {
        reader.start_poll("", accept);
        await_subscribers(server.at(), "kitchen", 1);

        auto const id = writer.publish("dinner is ready");
        auto const answer = reader.http().receive();

        CHECK(answer.status == 200);
        CHECK(answer.body == "dinner is ready");
        CHECK(answer.media_type() == "text/plain");
        CHECK_FALSE(answer.has("Gap"));
        check_poll_headers(answer, id);
    }
}

TEST_CASE("a raw poll without a message is answered 204 with the cursor") {
    server_process const server{{"--poll-wait", "300ms"}};
    room_client client{server.at(), "kitchen"};
    auto const id = client.publish("before");
    stopwatch const watch;

    auto const answer = client.poll_raw();

    CHECK(watch.elapsed() >= 250ms);
    CHECK(answer.status == 204);
    CHECK(answer.body.empty());
    check_poll_headers(answer, id);
}

TEST_CASE("a message keeps its type and its bytes") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    struct published {
        std::string type;
        std::string body;
    };
    std::array const cases{
        published{"text/plain", "plain"},
        published{"text/plain", " spaces \r\n\tand lines\n"},
        published{"text/plain", "żółć 🚪"},
        published{"text/plain", std::string{"nul\0inside", 10}},
        published{"application/json", R"({"a":[1,2,{"b":null}]})"},
        published{"application/json", R"("text")"},
        published{"application/json", "17"},
    };
    std::string cursor = "0";
    for (auto const& [type, body] : cases) {
        REQUIRE(client.http().exchange(post(client.target("/publish"), body, type)).status == 201);

        auto const answer = client.poll_raw("after=" + cursor);

        INFO(answer.text());
        CHECK(answer.status == 200);
        CHECK(answer.media_type() == type);
        CHECK(answer.body == body);
        cursor = answer.header("Last-Event-ID");
    }
}

TEST_CASE("without a cursor only messages published from now on are delivered") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    client.publish("old");

    client.start_poll("", {});
    await_subscribers(server.at(), "kitchen", 1);
    room_client{server.at(), "kitchen"}.publish("new");

    CHECK(client.http().receive().body == "new");
}

TEST_CASE("a raw poll that is behind gets the oldest message at once") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const first = client.publish("one");
    auto const second = client.publish("two");
    auto const third = client.publish("three");

    auto answer = client.poll_raw("after=0");
    CHECK(answer.body == "one");
    check_poll_headers(answer, first);
    answer = client.poll_raw("after=" + first);
    CHECK(answer.body == "two");
    check_poll_headers(answer, second);
    answer = client.poll_raw("after=" + second + "&limit=50");
    CHECK(answer.body == "three");
    check_poll_headers(answer, third);
    answer = client.poll_raw("wait=0&after=" + third);
    CHECK(answer.status == 204);
    check_poll_headers(answer, third);
}

TEST_CASE("Last-Event-ID is the same as after, and after wins") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const first = client.publish("one");
    client.publish("two");
    client.publish("three");

    CHECK(client.poll_raw("", {{"Last-Event-ID", first}}).body == "two");
    CHECK(client.poll_raw("", {{"Last-Event-ID", "0"}}).body == "one");
    CHECK(client.poll_raw("after=0", {{"Last-Event-ID", first}}).body == "one");
    CHECK(client.poll_raw("after=" + first, {{"Last-Event-ID", "0"}}).body == "two");

    client.start_poll("", {{"Accept", json_type}, {"Last-Event-ID", first}});
    CHECK(client.http().receive().json().at("messages").as_array().size() == 2);
}
