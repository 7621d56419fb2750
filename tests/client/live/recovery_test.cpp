// The subscriber where things break: restarts, drains, cut connections, answers that are none.
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
    out.backoff_first = 1ms;
    out.backoff_most = 20ms;
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

TEST_CASE("it goes on over a restart of the server, and tells of what is gone") {
    auto const how = any_transport();
    // The first signal drains, the second ends at once.
    auto const signals = GENERATE(1, 2);
    temporary_folder const folder;
    list const flags{"--listen", "unix:" + folder.path("socket")};
    std::optional<server_process> server;
    server.emplace(flags);
    asio::io_context io;
    int troubles = 0;
    int connects = 0;
    auto with = quick(how);
    with.on_connect = [&] { ++connects; };
    with.on_retry = [&](error const&, std::chrono::milliseconds) {
        if (++troubles > 1)
            return;
        server.emplace(flags);
        room_client(server->at(), "kitchen").publish("after");
    };
    auto const test = [&]() -> asio::awaitable<void> {
        subscriber messages(io.get_executor(), "unix:" + folder.path("socket"), "kitchen", with);
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
        CHECK(troubles >= 1);
        CHECK(connects == 2);
    };
    run(io, test());
}

TEST_CASE("connections that are cut anywhere lose, repeat and reorder nothing") {
    auto const how = any_transport();
    auto const several = GENERATE(false, true);
    constexpr int count = 150;
    server_process const server;
    asio::io_context io;
    cutting_proxy proxy(io, server.at().port, 17);
    list const rooms = several ? list{"kitchen", "hall"} : list{"kitchen"};
    auto following = quick(how, "0");
    // An answer to a poll counts when it is whole, so it must have a chance to be.
    following.limit = 5;
    subscriber messages(io.get_executor(), proxy.url(), rooms, following);
    publisher_options with;
    with.backoff_first = 1ms;
    with.backoff_most = 20ms;
    publisher out(io.get_executor(), proxy.url(), with);
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
        // The order is each room's own.
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
        proxy.behave();
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

TEST_CASE("a poll that is cut, refused for now or answered by somebody else is asked again from the same place") {
    asio::io_context io;
    scripted_server server(io);
    list troubles;
    std::vector<std::chrono::milliseconds> waits;
    auto with = quick(transport::poll, "e-1");
    with.on_retry = [&](error const& why, std::chrono::milliseconds wait) {
        troubles.push_back(why.text);
        waits.push_back(wait);
    };
    subscriber messages(io.get_executor(), server.url(), "kitchen", with);
    auto const script = [&]() -> asio::awaitable<void> {
        std::string const same = "Last-Event-ID: e-1\r\n";
        auto asked = co_await server.request();
        CHECK(asked.starts_with("GET /room/kitchen/subscribe?wait=25&limit=100 HTTP/1.1\r\n"));
        CHECK(asked.find(same) != std::string::npos);
        server.hang_up();
        asked = co_await server.request();
        CHECK(asked.find(same) != std::string::npos);
        auto const half = poll_json(2).substr(0, 20);
        co_await server.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + half);
        server.hang_up();
        asked = co_await server.request();
        CHECK(asked.find(same) != std::string::npos);
        co_await server.answer("200 OK", "<html>log in</html>");
        server.hang_up();
        asked = co_await server.request();
        CHECK(asked.find(same) != std::string::npos);
        co_await server.answer("503 Service Unavailable", "{}", "Retry-After: 1\r\n");
        server.hang_up();
        asked = co_await server.request();
        CHECK(asked.find(same) != std::string::npos);
        co_await server.answer("200 OK", poll_json(2));
        // On the same connection, which then turns out to be closed: not worth a word.
        asked = co_await server.request();
        CHECK(asked.find("Last-Event-ID: e-2\r\n") != std::string::npos);
        server.hang_up();
        asked = co_await server.request();
        CHECK(asked.find("Last-Event-ID: e-2\r\n") != std::string::npos);
        co_await server.answer("200 OK", poll_json(3));
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
    REQUIRE(troubles.size() == 4);
    CHECK(troubles[0].find("closed the connection") != std::string::npos);
    CHECK(troubles[2].find("no anteroom") != std::string::npos);
    CHECK(troubles[3].find("503") != std::string::npos);
    CHECK(waits[3] >= 1s);
}

TEST_CASE("a stream that falls silent is taken for dead") {
    asio::io_context io;
    scripted_server server(io);
    auto with = quick(transport::stream, "e-1");
    with.silence = 200ms;
    subscriber messages(io.get_executor(), server.url(), "kitchen", with);
    auto const script = [&]() -> asio::awaitable<void> {
        std::string const head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n";
        auto asked = co_await server.request();
        CHECK(asked.find("Accept: application/x-ndjson\r\n") != std::string::npos);
        auto const whole_and_half = head + message_json(2) + "\n" + message_json(3).substr(0, 10);
        co_await server.send(whole_and_half);
        // It comes again while this connection is still open; the half message is no message.
        auto const silent = server.let_go();
        asked = co_await server.request();
        CHECK(asked.find("Last-Event-ID: e-2\r\n") != std::string::npos);
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
