// The JSON long poll: always 200, messages with all their members, and the cursor to resume from.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

TEST_CASE("a JSON poll waits and is woken by a publish") {
    server_process const server;
    room_client reader{server.at(), "kitchen"};
    reader.start_poll();
    await_subscribers(server.at(), "kitchen", 1);

    http_client writer{server.at()};
    auto const receipt = writer.exchange(post("/room/kitchen/publish?as=ann", "hi")).json();
    auto const answer = reader.http().receive();

    INFO(answer.text());
    auto const object = answer.json();
    CHECK(object.size() == 2);  // no gaps, superseded or draining unless they apply
    REQUIRE(object.at("messages").as_array().size() == 1);
    auto const& message = object.at("messages").as_array()[0].as_object();
    CHECK(message.size() == 4);
    CHECK(message.at("id") == receipt.at("id"));
    CHECK(message.at("time") == receipt.at("time"));
    CHECK(message.at("from") == json::value("ann"));
    CHECK(message.at("data") == json::value("hi"));
    CHECK(object.at("next") == receipt.at("id"));
    CHECK(parse_poll_response(answer).next == json::value_to<std::string>(receipt.at("id")));
}

TEST_CASE("the time of a message is the server's clock in milliseconds") {
    using std::chrono::system_clock;
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const now = [] {
        return std::chrono::duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    };
    auto const before = now();
    client.publish("now");
    auto const after = now();

    auto const time = client.poll("after=0").messages.at(0).time;
    CHECK(time >= before - 1000);
    CHECK(time <= after + 1000);
}

TEST_CASE("a message without a name has no from, and JSON is delivered as the value itself") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    for (auto const* text : {R"({"a":[1,2.5,null,true],"b":{"c":"d"}})", "[]", "\"x\"", "17", "null", "false"}) {
        INFO(text);
        auto const cursor = client.cursor();
        REQUIRE(client.http().exchange(post(client.target("/publish"), text, json_type)).status == 201);

        auto const answer = client.poll("after=" + cursor);

        REQUIRE(answer.messages.size() == 1);
        CHECK(answer.messages[0].data == json::parse(text));
        CHECK_FALSE(answer.messages[0].from);
    }
}

TEST_CASE("text is escaped so that it is delivered unchanged") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    std::string all_controls;
    for (auto c = '\x01'; c <= '\x1f'; ++c) {
        all_controls += c;
    }
    std::vector<std::string> const texts{"\"quoted\" \\back\\slash/", all_controls + '\x7f',
                                         std::string{"a\0b", 3},      "<script>alert(1)</script>",
                                         "żółć \xe2\x80\xa8 🚪",      "{\"looks\":\"like JSON\"}"};
    for (auto const& text : texts) {
        client.publish(text);
    }
    CHECK(client.poll("after=0").texts() == texts);
}

TEST_CASE("a JSON poll without a message is answered 200 with no messages") {
    server_process const server{{"--poll-wait", "300ms"}};
    room_client client{server.at(), "kitchen"};
    auto const id = client.publish("before");
    stopwatch const watch;

    client.start_poll();
    auto const answer = client.http().receive();

    CHECK(watch.elapsed() >= 250ms);
    INFO(answer.text());
    CHECK(answer.json() == json::object{{"messages", json::array{}}, {"next", id}});
    CHECK(parse_poll_response(answer).messages.empty());
}

TEST_CASE("limit limits a response, and its cursor continues from there") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    std::vector<std::string> ids;
    for (auto i = 1; i <= 150; ++i) {
        ids.push_back(client.publish(std::to_string(i)));
    }

    auto const one = client.poll("after=0&limit=1");
    CHECK(one.texts() == std::vector<std::string>{"1"});
    CHECK(one.next == ids[0]);
    auto const three = client.poll("limit=3&after=" + one.next);
    CHECK(three.texts() == std::vector<std::string>{"2", "3", "4"});
    CHECK(three.next == ids[3]);
    CHECK(client.poll("after=0").messages.size() == 100);
    CHECK(client.poll("after=0&limit=1000").messages.size() == 150);
    auto const rest = client.poll("limit=1000&after=" + ids[147]);
    CHECK(rest.texts() == std::vector<std::string>{"149", "150"});
    CHECK(rest.next == ids[149]);
}

TEST_CASE("the number of an id counts the room's messages from 1 without holes") {
    server_process const server;
    room_client kitchen{server.at(), "kitchen"};
    room_client hall{server.at(), "hall"};
    auto const first = kitchen.publish("one");
    hall.publish("elsewhere");
    auto const second = kitchen.publish("two");

    CHECK(number_of(first) == 1);
    CHECK(number_of(second) == 2);
    CHECK(epoch_of(first) == epoch_of(second));
    CHECK_FALSE(epoch_of(first).empty());
}
