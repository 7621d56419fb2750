// The publisher: each message once, however many attempts it takes.
#include "loop.hpp"
#include "room_client.hpp"
#include "scripted_server.hpp"
#include "server_process.hpp"
#include <anteroom/client/publisher.hpp>

#include <catch2/generators/catch_generators.hpp>

#include <set>

using namespace anteroom::client;
using namespace anteroom::live;
using namespace std::chrono_literals;
using anteroom::integration::room_client;
using anteroom::integration::server_process;
using anteroom::integration::url_of;

namespace {

using list = std::vector<std::string>;

publisher_options quick() {
    publisher_options out;
    out.backoff_initial = 1ms;
    out.backoff_max = 20ms;
    return out;
}

std::string key_of(std::string const& request) {
    auto const start = request.find("Idempotency-Key: ") + 17;
    return request.substr(start, request.find('\r', start) - start);
}

}  // namespace

TEST_CASE("texts, JSON, lines and several rooms") {
    server_process const server;
    asio::io_context io;
    auto const test = [&]() -> asio::awaitable<void> {
        auto options = quick();
        options.as = "ann";
        publisher out(io.get_executor(), url_of(server), options);
        auto sent = co_await out.publish("kitchen", "hi");
        REQUIRE(sent);
        CHECK(sent->ids.size() == 1);
        CHECK_FALSE(sent->duplicate);
        auto value = draft::json("[1]");
        sent = co_await out.publish("kitchen", std::move(value));
        REQUIRE(sent);
        auto lines = draft::lines("\"a\"\n{\"b\":1}\n");
        sent = co_await out.publish("kitchen", std::move(lines));
        REQUIRE(sent);
        CHECK(sent->ids.size() == 2);
        list rooms{"hall", "kitchen"};
        sent = co_await out.publish(std::move(rooms), "both");
        REQUIRE(sent);
        CHECK(sent->ids.size() == 1);
    };
    run(io, test());
    auto const kitchen = room_client(server.at(), "kitchen").poll("after=0");
    REQUIRE(kitchen.messages.size() == 5);
    CHECK(kitchen.messages[0].from == "ann");
    CHECK(kitchen.messages[4].data == "both");
    CHECK(room_client(server.at(), "hall").poll("after=0").texts() == list{"both"});
}

TEST_CASE("the same key is the same message") {
    server_process const server;
    asio::io_context io;
    auto const test = [&]() -> asio::awaitable<void> {
        publisher out(io.get_executor(), url_of(server), quick());
        draft const what = draft("hi").key("k-1");
        auto const first = co_await out.publish("kitchen", what);
        auto const second = co_await out.publish("kitchen", what);
        REQUIRE(first);
        REQUIRE(second);
        CHECK(first->ids == second->ids);
        CHECK_FALSE(first->duplicate);
        CHECK(second->duplicate);
        auto const third = co_await out.publish("kitchen", "hi");
        REQUIRE(third);
        CHECK(third->ids != first->ids);
    };
    run(io, test());
    CHECK(room_client(server.at(), "kitchen").poll("after=0").messages.size() == 2);
}

TEST_CASE("every attempt uses the same key, and every publish another one") {
    asio::io_context io;
    scripted_server server(io);
    list keys;
    auto const script = [&]() -> asio::awaitable<void> {
        auto request = co_await server.request();
        keys.push_back(key_of(request));
        server.hang_up();
        request = co_await server.request();
        keys.push_back(key_of(request));
        co_await server.respond("503 Service Unavailable", "{}", "Retry-After: 1\r\n");
        request = co_await server.request();
        keys.push_back(key_of(request));
        co_await server.respond("201 Created", R"({"id":"e-1","time":1,"subscribers":0})");
        request = co_await server.request();
        keys.push_back(key_of(request));
        co_await server.respond("201 Created", R"({"id":"e-2","time":1,"subscribers":0})");
    };
    asio::co_spawn(io, script(), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    auto const test = [&]() -> asio::awaitable<void> {
        publisher out(io.get_executor(), server.url(), quick());
        auto const start = std::chrono::steady_clock::now();
        auto const first = co_await out.publish("kitchen", "a");
        REQUIRE(first);
        CHECK(std::chrono::steady_clock::now() - start >= 1s);
        auto const second = co_await out.publish("kitchen", "b");
        REQUIRE(second);
    };
    run(io, test());
    REQUIRE(keys.size() == 4);
    CHECK(keys[0].size() >= 16);
    CHECK(keys[0] == keys[1]);
    CHECK(keys[0] == keys[2]);
    CHECK(keys[0] != keys[3]);
}

TEST_CASE("a refused publish is not retried; without a server it gives up at the deadline") {
    server_process const server{{"--max-body", "10"}};
    asio::io_context io;
    auto const test = [&]() -> asio::awaitable<void> {
        publisher out(io.get_executor(), url_of(server), quick());
        auto const large = co_await out.publish("kitchen", "more than ten bytes");
        REQUIRE_FALSE(large);
        CHECK(large.error().code == errc::refused);
        CHECK(large.error().status == 413);
        auto const presence = co_await out.publish("kitchen:presence", "x");
        REQUIRE_FALSE(presence);
        CHECK(presence.error().status == 403);
        auto const empty = co_await out.publish("kitchen", "");
        REQUIRE_FALSE(empty);
        CHECK(empty.error().code == errc::bad_argument);

        auto const until = std::chrono::steady_clock::now() + 100ms;
        publisher nowhere(io.get_executor(), "unix:/nonexistent/socket", quick());
        auto const none = co_await nowhere.publish("kitchen", "hi", until);
        REQUIRE_FALSE(none);
        CHECK(none.error().code == errc::unreachable);
        CHECK(none.error().text.find("No such file") != std::string::npos);
    };
    run(io, test());
}
