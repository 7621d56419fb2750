// The subscriber against the real server, over every transport.
#include "loop.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include <anteroom/client/publisher.hpp>
#include <anteroom/client/subscriber.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

using namespace anteroom::client;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using anteroom::integration::room_client;
using anteroom::integration::server_process;
using anteroom::integration::url_of;
using anteroom::live::run;
using anteroom::live::soon;

namespace {

using list = std::vector<std::string>;

subscriber_options over(transport how, std::string after = {}) {
    subscriber_options out;
    out.over = how;
    out.after = std::move(after);
    return out;
}

transport any_transport() {
    return GENERATE(transport::poll, transport::stream, transport::sse, transport::websocket);
}

// Messages until there are `count`, as room:data.
asio::awaitable<list> take(subscriber& from, std::size_t count) {
    list out;
    while (out.size() < count) {
        auto const got = co_await from.next(soon());
        INFO((got ? "" : got.error().text));
        REQUIRE(got);
        for (auto const& each : got->gaps)
            out.push_back(each.room + ":gap " + each.reason);
        for (auto const& each : got->messages)
            out.push_back(each.room + ":" + each.data);
    }
    co_return out;
}

}  // namespace

TEST_CASE("every message published after start() arrives, once and in order") {
    auto const how = any_transport();
    server_process const server;
    asio::io_context io;
    auto const test = [&]() -> asio::awaitable<void> {
        subscriber messages(io.get_executor(), url_of(server), "kitchen", over(how));
        auto const started = co_await messages.start();
        REQUIRE(started);
        CHECK_FALSE(messages.cursor().empty());
        list expected;
        for (int i = 0; i < 40; ++i) {
            room_client(server.at(), "kitchen").publish(std::to_string(i));
            expected.push_back(fmt::format("kitchen:{}", i));
        }
        auto const got = co_await take(messages, 40);
        CHECK(got == expected);
        room_client(server.at(), "kitchen").publish("one more");
        auto const more = co_await take(messages, 1);
        CHECK(more == list{"kitchen:one more"});
    };
    run(io, test());
}

TEST_CASE("a message has every member of the wire format") {
    auto const how = any_transport();
    server_process const server;
    asio::io_context io;
    auto const test = [&]() -> asio::awaitable<void> {
        publisher_options named;
        named.as = "ann";
        publisher out(io.get_executor(), url_of(server), named);
        auto what = draft::json(R"({"x":1.50,"y":[1,2]})");
        auto const sent = co_await out.publish("kitchen", std::move(what));
        REQUIRE(sent);
        subscriber messages(io.get_executor(), url_of(server), "kitchen", over(how, "0"));
        auto const got = co_await messages.next(soon());
        REQUIRE(got);
        REQUIRE(got->messages.size() == 1);
        auto const& only = got->messages.front();
        CHECK(only.room == "kitchen");
        CHECK(only.id == sent->ids.front());
        CHECK(only.time == sent->time);
        CHECK(only.from == "ann");
        CHECK(only.kind == content::json);
        CHECK(only.data == R"({"x":1.50,"y":[1,2]})");
        CHECK(got->cursor == only.id);
    };
    run(io, test());
}

TEST_CASE("several rooms: order within each room, and one cursor") {
    auto const how = any_transport();
    server_process const server;
    asio::io_context io;
    auto const test = [&]() -> asio::awaitable<void> {
        list const rooms{"kitchen", "the hall", "cell\xC3\xA4r,@1"};
        publisher out(io.get_executor(), url_of(server));
        for (int i = 0; i < 30; ++i) {
            auto const sent = co_await out.publish(rooms[static_cast<std::size_t>(i) % 3], draft(std::to_string(i)));
            REQUIRE(sent);
        }
        std::string cursor = "0";
        std::vector<int> last(3, -1);
        std::size_t count = 0;
        // A new subscriber for every batch: only the cursor is passed from one to the next.
        while (count < 30) {
            auto options = over(how, cursor);
            options.limit = 7;
            subscriber messages(io.get_executor(), url_of(server), rooms, options);
            auto const got = co_await messages.next(soon());
            REQUIRE(got);
            for (auto const& each : got->messages) {
                auto const room = static_cast<std::size_t>(std::ranges::find(rooms, each.room) - rooms.begin());
                REQUIRE(room < 3);
                auto const number = std::stoi(each.data);
                CHECK(number == (last[room] < 0 ? static_cast<int>(room) : last[room] + 3));
                last[room] = number;
                ++count;
            }
            cursor = got->cursor;
            CHECK(cursor == messages.cursor());
        }
        CHECK(count == 30);
    };
    run(io, test());
}

TEST_CASE("a gap is reported before the messages that follow it") {
    auto const how = any_transport();
    server_process const server{{"--history-messages", "5"}};
    room_client client{server.at(), "kitchen"};
    for (int i = 1; i <= 12; ++i)
        client.publish(std::to_string(i));
    asio::io_context io;
    auto const test = [&]() -> asio::awaitable<void> {
        subscriber messages(io.get_executor(), url_of(server), "kitchen", over(how, "0"));
        auto const got = co_await messages.next(soon());
        REQUIRE(got);
        REQUIRE(got->gaps.size() == 1);
        CHECK(got->gaps[0].room == "kitchen");
        CHECK(got->gaps[0].reason == "evicted");
        CHECK(got->gaps[0].missed == 7);
        list data;
        for (auto const& each : got->messages)
            data.push_back(each.data);
        while (data.size() < 5) {
            auto const more = co_await messages.next(soon());
            REQUIRE(more);
            CHECK(more->gaps.empty());
            for (auto const& each : more->messages)
                data.push_back(each.data);
        }
        CHECK(data == list{"8", "9", "10", "11", "12"});
    };
    run(io, test());
}

TEST_CASE("no message is lost when a deadline passes") {
    auto const how = any_transport();
    server_process const server;
    asio::io_context io;
    auto const test = [&]() -> asio::awaitable<void> {
        subscriber messages(io.get_executor(), url_of(server), "kitchen", over(how));
        for (int i = 0; i < 3; ++i) {
            auto const until = std::chrono::steady_clock::now() + 100ms;
            auto const none = co_await messages.next(until);
            REQUIRE_FALSE(none);
            CHECK(none.error().code == errc::timed_out);
        }
        room_client(server.at(), "kitchen").publish("hi");
        auto const got = co_await take(messages, 1);
        CHECK(got == list{"kitchen:hi"});
    };
    run(io, test());
}

TEST_CASE("after a call is cancelled the next one resumes") {
    auto const how = any_transport();
    server_process const server;
    asio::io_context io;
    subscriber messages(io.get_executor(), url_of(server), "kitchen", over(how));
    run(io, [](subscriber& from) -> asio::awaitable<void> {
        auto const started = co_await from.start();
        REQUIRE(started);
    }(messages));
    asio::cancellation_signal stop;
    std::optional<result<batch>> outcome;
    asio::co_spawn(io, messages.next(),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr thrown, result<batch> got) {
                       if (thrown)
                           std::rethrow_exception(thrown);
                       outcome.emplace(std::move(got));
                       io.stop();
                   }));
    SECTION("as soon as it has started") {
        // A handler left over from the previous call may stop the loop; then it is run again.
        do
            io.restart();
        while (io.poll() > 0);
        REQUIRE_FALSE(outcome);
        stop.emit(asio::cancellation_type::terminal);
    }
    SECTION("while it waits") {
        io.restart();
        while (anteroom::integration::room_client(server.at(), "kitchen").facts().subscribers == 0)
            io.run_for(5ms);
        REQUIRE_FALSE(outcome);
        stop.emit(asio::cancellation_type::terminal);
    }
    io.restart();
    io.run_for(anteroom::integration::default_timeout);
    REQUIRE(outcome);
    REQUIRE_FALSE(*outcome);
    CHECK(outcome->error().code == errc::cancelled);

    room_client(server.at(), "kitchen").publish("hi");
    run(io, [](subscriber& from) -> asio::awaitable<void> {
        auto const got = co_await take(from, 1);
        CHECK(got == list{"kitchen:hi"});
    }(messages));
}

TEST_CASE("a newer subscriber with the same client id takes over") {
    auto const how = any_transport();
    server_process const server;
    asio::io_context io;
    auto options = over(how);
    options.client = "tab-1";
    subscriber older(io.get_executor(), url_of(server), "kitchen", options);
    subscriber newer(io.get_executor(), url_of(server), "kitchen", options);
    std::optional<result<batch>> outcome;
    asio::co_spawn(io, older.next(), [&](std::exception_ptr thrown, result<batch> got) {
        if (thrown)
            std::rethrow_exception(thrown);
        outcome.emplace(std::move(got));
        io.stop();
    });
    while (room_client(server.at(), "kitchen").facts().subscribers == 0)
        io.run_for(5ms);
    asio::co_spawn(io, newer.next(), [](std::exception_ptr, result<batch> const&) {});
    io.restart();
    io.run_for(anteroom::integration::default_timeout);
    REQUIRE(outcome);
    REQUIRE_FALSE(*outcome);
    CHECK(outcome->error().code == errc::superseded);
}

TEST_CASE("invalid arguments and refused requests are reported and not retried") {
    server_process const server;
    asio::io_context io;
    auto const url = url_of(server);
    auto const fails = [&](std::string where, list rooms, subscriber_options options) {
        std::optional<error> out;
        options.on_retry = [](error const&, std::chrono::milliseconds) { FAIL("it was retried"); };
        subscriber messages(io.get_executor(), std::move(where), std::move(rooms), std::move(options));
        run(io, [](subscriber& from, std::optional<error>& why) -> asio::awaitable<void> {
            auto const got = co_await from.next(soon());
            if (!got)
                why = got.error();
        }(messages, out));
        REQUIRE(out);
        return *out;
    };
    CHECK(fails("https://example.org", {"a"}, {}).code == errc::bad_argument);
    CHECK(fails(url, {}, {}).code == errc::bad_argument);
    CHECK(fails(url, {"a/b"}, {}).code == errc::bad_argument);
    CHECK(fails(url, {"a", "b"}, over(transport::poll, "e-1")).code == errc::bad_argument);
    for (auto const how : {transport::poll, transport::stream, transport::sse, transport::websocket}) {
        auto const refused = fails(url, {"a"}, over(how, "no-cursor"));
        CHECK(refused.code == errc::refused);
        CHECK(refused.status == 400);
        CHECK(refused.text.find("cursor") != std::string::npos);
        CHECK(fails(url + "/elsewhere", {"a"}, over(how, "0")).status == 404);
    }
}
