// Messages over a WebSocket: deliveries in one direction, publishes in the other, each of them acknowledged.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "websocket_client.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

constexpr auto target = "/room/kitchen/subscribe";

std::string text_at(json::object const& object, std::string_view member) {
    return json::value_to<std::string>(object.at(member));
}

}  // namespace

TEST_CASE("a WebSocket delivers what a JSON poll delivers, once and in order, at any message size") {
    server_process const server{{"--max-body", "1M"}};
    room_client writer{server.at(), "kitchen"};
    websocket_client reader{server.at(), target};
    for (auto const size : {1U, 30U, 60U, 70U, 80U, 125U, 126U, 1000U, 65'000U, 65'536U, 70'000U, 500'000U}) {
        INFO(size);
        auto const id = writer.publish(std::string(size, 'x'));
        auto const heard = reader.next_message();
        CHECK(heard.id == id);
        CHECK((heard.data == json::value(std::string(size, 'x'))));
    }
    writer.http().exchange(post(writer.target("/publish?as=ann"), R"({"a": [1, 2]})", json_type));
    auto const heard = reader.next_message();
    CHECK(heard.from == "ann");
    CHECK(heard.data == json::parse(R"({"a":[1,2]})"));
    CHECK(writer.facts().messages == 13);
}

TEST_CASE("a WebSocket that starts behind gets the gap first, then the messages") {
    server_process const server{{"--history-messages", "3"}};
    room_client writer{server.at(), "kitchen"};
    auto const first = writer.publish("1");
    for (auto const* text : {"2", "3", "4", "5", "6"}) {
        writer.publish(text);
    }
    websocket_client reader{server.at(), target + std::string{"?after="} + first};
    CHECK(reader.handshake().header("Last-Event-ID") == first);
    auto const item = reader.next_event();
    CHECK(item.is == stream_event::kind::gap);
    CHECK(item.missed == gap{"evicted", 2});
    CHECK(item.missed.room == "kitchen");
    CHECK(number_of(item.next) == 3);
    for (auto const* text : {"4", "5", "6"}) {
        CHECK(reader.next_message().data == json::value(text));
    }
}

TEST_CASE("a publish over a WebSocket is acknowledged, and delivered to all") {
    server_process const server{{"--threads", "2"}};
    websocket_client ann{server.at(), target + std::string{"?as=ann"}};
    room_client poller{server.at(), "kitchen"};
    poller.start_poll();
    await_subscribers(server.at(), "kitchen", 2);

    auto const ack = ann.publish(R"({"data":"hello","key":"k-1"})").at("ack").as_object();

    CHECK(ack.size() == 4);
    CHECK(text_at(ack, "key") == "k-1");
    CHECK(ack.at("subscribers").to_number<int>() == 1);  // a publisher does not count as waiting
    auto const heard = poller.finish_poll().messages.at(0);
    CHECK(heard.id == text_at(ack, "id"));
    CHECK(heard.time == ack.at("time").to_number<std::int64_t>());
    CHECK(heard.from == "ann");
    CHECK(heard.data == json::value("hello"));
}

TEST_CASE("data may be any JSON value and is delivered unchanged") {
    server_process const server;
    websocket_client writer{server.at(), target};
    websocket_client reader{server.at(), target};
    for (auto const* data : {R"("text")", R"({"a":1,"b":[true,null]})", "[]", "{}", "0", "false", "null", "1.5e3",
                             R"("\u00e9\n\"")", R"("é")", R"(" ")"}) {
        INFO(data);
        auto const ack = writer.publish(R"({ "data" : )" + std::string{data} + " }");
        REQUIRE(ack.contains("ack"));
        CHECK_FALSE(ack.at("ack").as_object().contains("key"));
        auto const heard = reader.next_message();
        CHECK(heard.data == json::parse(data));
        CHECK_FALSE(heard.from);
    }
    auto const raw = room_client{server.at(), "kitchen"}.poll_raw("after=0");
    CHECK(raw.body == "text");
    CHECK(raw.media_type() == "text/plain");
}

TEST_CASE("a repeated key publishes once, over any transport") {
    server_process const server{{"--threads", "2"}};
    websocket_client one{server.at(), target};
    websocket_client two{server.at(), target};
    room_client poster{server.at(), "kitchen"};
    auto const first = one.publish(R"({"data":"a","key":"k"})").at("ack").as_object();
    CHECK_FALSE(first.contains("duplicate"));
    for (auto* socket : {&one, &two}) {
        auto const again = socket->publish(R"({"data":"a","key":"k"})").at("ack").as_object();
        CHECK(text_at(again, "id") == text_at(first, "id"));
        CHECK(again.at("time") == first.at("time"));
        CHECK(again.at("duplicate").as_bool());
    }
    auto const posted =
        poster.http().exchange(post(poster.target("/publish"), "a", "text/plain", {{"Idempotency-Key", "k"}}));
    CHECK(posted.json().at("duplicate").as_bool());
    CHECK(text_at(posted.json(), "id") == text_at(first, "id"));
    // With another message it is no repeat.
    auto const other = two.publish(R"({"data":"b","key":"k"})").at("error").as_object();
    CHECK(other.at("status").as_int64() == 422);
    CHECK(poster.facts().messages == 1);
}

TEST_CASE("an invalid publish is answered with an error, publishes nothing and keeps the socket open") {
    server_process const server{{"--max-body", "1000"}};
    websocket_client socket{server.at(), target};
    struct refusal {
        std::string said;
        std::string detail;
    };
    constexpr auto no_object = R"(send a JSON object: {"data":..., "key":...})";
    constexpr auto no_data = "the member 'data' is the message, and it is missing";
    constexpr auto wrong_key = "'key' must be a string of 1 to 128 visible ASCII characters";
    constexpr auto wrong_room = "'room' must be one of the rooms that this socket follows";
    std::vector<refusal> const refusals{
        {"", no_object},
        {"hello", no_object},
        {"[1]", no_object},
        {R"("data")", no_object},
        {R"({"data":"x")", no_object},
        {R"({"data":"x"} {"data":"y"})", no_object},
        {"{}", no_data},
        {R"({"Data":"x"})", no_data},
        {R"({"data":"x","key":""})", wrong_key},
        {R"({"data":"x","key":7})", wrong_key},
        {R"({"data":"x","key":"a b"})", wrong_key},
        {R"({"data":"x","key":"é"})", wrong_key},
        {R"({"data":"x","key":")" + std::string(129, 'k') + "\"}", wrong_key},
        {R"({"data":"x","room":"hall"})", wrong_room},
        {R"({"data":"x","room":7})", wrong_room},
    };
    for (auto const& [said, detail] : refusals) {
        INFO(said);
        auto const error = socket.publish(said).at("error").as_object();
        CHECK(error.at("status") == json::value(400));
        CHECK(text_at(error, "title") == "Bad Request");
        CHECK(text_at(error, "detail") == detail);
    }
    auto const keyed = socket.publish(R"({"key":"mine"})").at("error").as_object();
    CHECK(text_at(keyed, "key") == "mine");
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
    CHECK(room_client{server.at(), "hall"}.facts().messages == 0);
    CHECK(socket.publish(R"({"data":"x","room":"kitchen"})").contains("ack"));
}

TEST_CASE("a socket in a presence room cannot publish there") {
    server_process const server;
    websocket_client socket{server.at(), "/room/kitchen:presence/subscribe"};
    auto const error = socket.publish(R"({"data":"x"})").at("error").as_object();
    CHECK(error.at("status") == json::value(403));
    CHECK(room_client{server.at(), "kitchen:presence"}.facts().messages == 0);
}

TEST_CASE("a socket in several rooms publishes in the one that it names") {
    server_process const server;
    websocket_client socket{server.at(), "/subscribe?room=kitchen&room=hall&as=ann"};
    room_client hall{server.at(), "hall"};
    auto const ack = socket.publish(R"({"room":"hall","data":"hello","key":"k"})").at("ack").as_object();
    auto const polled = hall.poll("after=0");
    REQUIRE(polled.messages.size() == 1);
    CHECK(text_at(ack, "id") == polled.messages[0].id);
    CHECK(polled.messages[0].from == "ann");
    auto const heard = socket.next_message();
    CHECK(heard.room == "hall");
    CHECK(heard.id == polled.messages[0].id);
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
    for (auto const* said : {R"({"data":"x"})", R"({"data":"x","room":"attic"})", R"({"data":"x","room":null})"}) {
        auto const error = socket.publish(said).at("error").as_object();
        CHECK(text_at(error, "detail") == "'room' must be one of the rooms that this socket follows");
    }
    CHECK(hall.facts().messages == 1);
}
