// Recovery of the subscriber: restarts, drains, cut connections, invalid responses.
#include "loop.hpp"
#include "room_client.hpp"
#include "scripted_server.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"
#include <anteroom/client/publisher.hpp>
#include <anteroom/client/subscriber.hpp>

#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <csignal>
#include <optional>

using namespace anteroom::client;
using namespace anteroom::live;
using namespace std::chrono_literals;
using anteroom::integration::room_client;
using anteroom::integration::server_process;
using anteroom::integration::server_setup;
using anteroom::integration::temporary_folder;

namespace {

using list = std::vector<std::string>;

subscriber_options quick(transport how, std::string after = {}) {
    subscriber_options out;
    out.over = how;
    out.after = std::move(after);
    out.backoff_initial = 1ms;
    out.backoff_max = 20ms;
    return out;
}

transport any_transport() {
    return GENERATE(transport::poll, transport::stream, transport::sse, transport::websocket);
}

std::string message_json(int number) {
    return fmt::format(R"({{"id":"e-{0}","time":1,"data":"{0}"}})", number);
}

std::string poll_json(int number) {
    return fmt::format(R"({{"messages":[{}],"next":"e-{}"}})", message_json(number), number);
}

}  // namespace

TEST_CASE("it resumes after a restart of the server, and reports what is gone as a gap") {
    auto const how = any_transport();
    // The first signal drains, the second ends the server at once.
    auto const signals = GENERATE(1, 2);
    temporary_folder const folder;
    list const flags{"--listen", "unix:" + folder.path("socket")};
    std::optional<server_process> server;
    server.emplace(flags);
    asio::io_context io;
    int failures = 0;
    int connects = 0;
    auto options = quick(how);
    options.on_connect = [&] { ++connects; };
    options.on_retry = [&](error const&, std::chrono::milliseconds) {
        if (++failures > 1)
            return;
        server.emplace(flags);
        room_client(server->at(), "kitchen").publish("after");
    };
    auto const test = [&]() -> asio::awaitable<void> {
        subscriber messages(io.get_executor(), "unix:" + folder.path("socket"), "kitchen", options);
        auto const started = co_await messages.start();
        REQUIRE(started);
        room_client(server->at(), "kitchen").publish("before");
        auto const before = co_await messages.next(soon());
        REQUIRE(before);
        CHECK(before->messages.at(0).data == "before");

        for (int i = 0; i < signals; ++i)
            server->signal(SIGTERM);
        server->wait_exit();
        auto const after = co_await messages.next(soon());
        REQUIRE(after);
        CHECK(after->gaps.at(0).reason == "restarted");
        list data;
        for (auto const& each : after->messages)
            data.push_back(each.data);
        if (data.empty()) {
            auto const more = co_await messages.next(soon());
            REQUIRE(more);
            data.push_back(more->messages.at(0).data);
        }
        CHECK(data == list{"after"});
        CHECK(failures >= 1);
        CHECK(connects == 2);
    };
    run(io, test());
}

TEST_CASE("connections that are cut anywhere lose, repeat and reorder no message") {
    auto const how = any_transport();
    auto const several = GENERATE(false, true);
    constexpr int count = 150;
    server_process const server;
    asio::io_context io;
    cutting_proxy proxy(io, server.at().port, 17);
    list const rooms = several ? list{"kitchen", "hall"} : list{"kitchen"};
    auto subscribe_options = quick(how, "0");
    // A poll response is used only when it is complete, so it must be short enough to get through the proxy.
    subscribe_options.limit = 5;
    subscriber messages(io.get_executor(), proxy.url(), rooms, subscribe_options);
    publisher_options options;
    options.backoff_initial = 1ms;
    options.backoff_max = 20ms;
    publisher out(io.get_executor(), proxy.url(), options);
    int duplicates = 0;
    auto const publish = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < count; ++i) {
            auto text = std::to_string(i);
            text.resize(60, ' ');
            auto const& room = rooms[static_cast<std::size_t>(i) % rooms.size()];
            draft what(text);
            auto const sent = co_await out.publish(room, std::move(what), soon());
            REQUIRE(sent);
            duplicates += sent->duplicate ? 1 : 0;
        }
    };
    auto const receive = [&]() -> asio::awaitable<void> {
        std::vector<int> got;
        while (got.size() < count) {
            auto const some = co_await messages.next(soon());
            REQUIRE(some);
            CHECK(some->gaps.empty());
            for (auto const& each : some->messages)
                got.push_back(std::stoi(each.data));
        }
        // Messages are ordered within each room.
        for (std::size_t room = 0; room < rooms.size(); ++room) {
            int next = static_cast<int>(room);
            for (int const number : got) {
                if (static_cast<std::size_t>(number) % rooms.size() != room)
                    continue;
                CHECK(number == next);
                next += static_cast<int>(rooms.size());
            }
        }
        CHECK(got.size() == count);
        proxy.pass_through();
        auto const none = co_await messages.next(std::chrono::steady_clock::now() + 200ms);
        CHECK_FALSE(none);
    };
    asio::co_spawn(io, publish(), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    run(io, receive());
    CHECK(proxy.cuts() > 10);
    CHECK(duplicates > 0);
}

TEST_CASE("interim responses are not taken for the last") {
    auto const how = any_transport();
    server_process const server;
    asio::io_context io;
    cutting_proxy proxy(io, server.at().port, 1);
    proxy.pass_through();
    proxy.hint();
    auto const test = [&]() -> asio::awaitable<void> {
        publisher messages(io.get_executor(), proxy.url());
        draft what("hello");
        auto const done = co_await messages.publish("kitchen", std::move(what));
        INFO((done ? "" : done.error().text));
        REQUIRE(done);
        auto options = quick(how, "0");
        options.on_retry = [](error const& why, std::chrono::milliseconds) { FAIL(why.text); };
        subscriber reader(io.get_executor(), proxy.url(), "kitchen", options);
        auto const got = co_await reader.next(soon());
        INFO((got ? "" : got.error().text));
        REQUIRE(got);
        CHECK(got->messages.at(0).data == "hello");
    };
    run(io, test());
}

TEST_CASE("a poll that is cut, refused temporarily or answered by an intermediary is repeated from the same cursor") {
    asio::io_context io;
    scripted_server server(io);
    list failures;
    std::vector<std::chrono::milliseconds> waits;
    auto options = quick(transport::poll, "e-1");
    options.on_retry = [&](error const& why, std::chrono::milliseconds wait) {
        failures.push_back(why.text);
        waits.push_back(wait);
    };
    subscriber messages(io.get_executor(), server.url(), "kitchen", options);
    auto const script = [&]() -> asio::awaitable<void> {
        std::string const same = "Last-Event-ID: e-1\r\n";
        auto request = co_await server.request();
        CHECK(request.starts_with("GET /room/kitchen/subscribe?wait=25&limit=100 HTTP/1.1\r\n"));
        CHECK(request.find(same) != std::string::npos);
        server.hang_up();
        request = co_await server.request();
        CHECK(request.find(same) != std::string::npos);
        auto const half = poll_json(2).substr(0, 20);
        co_await server.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + half);
        server.hang_up();
        request = co_await server.request();
        CHECK(request.find(same) != std::string::npos);
        co_await server.respond("200 OK", "<html>log in</html>");
        server.hang_up();
        request = co_await server.request();
        CHECK(request.find(same) != std::string::npos);
        co_await server.respond("503 Service Unavailable", "{}", "Retry-After: 1\r\n");
        server.hang_up();
        request = co_await server.request();
        CHECK(request.find(same) != std::string::npos);
        co_await server.respond("200 OK", poll_json(2));
        // On the kept connection, which then turns out to be closed: it is replaced without a call of on_retry.
        request = co_await server.request();
        CHECK(request.find("Last-Event-ID: e-2\r\n") != std::string::npos);
        server.hang_up();
        request = co_await server.request();
        CHECK(request.find("Last-Event-ID: e-2\r\n") != std::string::npos);
        co_await server.respond("200 OK", poll_json(3));
    };
    asio::co_spawn(io, script(), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    auto const test = [&]() -> asio::awaitable<void> {
        for (auto const* expected : {"2", "3"}) {
            auto const got = co_await messages.next(soon());
            REQUIRE(got);
            CHECK(got->messages.at(0).data == expected);
        }
    };
    run(io, test());
    REQUIRE(failures.size() == 4);
    CHECK(failures[0].find("closed the connection") != std::string::npos);
    CHECK(failures[2].find("no anteroom") != std::string::npos);
    CHECK(failures[3].find("503") != std::string::npos);
    CHECK(waits[3] >= 1s);
}

TEST_CASE("a stream without data for idle_timeout is considered dead") {
    asio::io_context io;
    scripted_server server(io);
    auto options = quick(transport::stream, "e-1");
    options.idle_timeout = 200ms;
    subscriber messages(io.get_executor(), server.url(), "kitchen", options);
    auto const script = [&]() -> asio::awaitable<void> {
        std::string const head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n";
        auto request = co_await server.request();
        CHECK(request.find("Accept: application/x-ndjson\r\n") != std::string::npos);
        auto const whole_and_half = head + message_json(2) + "\n" + message_json(3).substr(0, 10);
        co_await server.send(whole_and_half);
        // The client reconnects while this connection is still open; the incomplete message is discarded.
        auto const silent = server.release_connection();
        request = co_await server.request();
        CHECK(request.find("Last-Event-ID: e-2\r\n") != std::string::npos);
        auto const rest = head + message_json(3) + "\n";
        co_await server.send(rest);
    };
    asio::co_spawn(io, script(), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    auto const test = [&]() -> asio::awaitable<void> {
        for (auto const* expected : {"2", "3"}) {
            auto const got = co_await messages.next(soon());
            REQUIRE(got);
            CHECK(got->messages.at(0).data == expected);
        }
    };
    run(io, test());
}
