// What the server writes to standard error: the access log, as text or JSON.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

/// The lines of the log that contain `mention`, once there are at least `count`.
std::vector<std::string> lines_with(server_process const& server, std::string const& mention, std::size_t count) {
    std::vector<std::string> found;
    auto const enough = server.err().wait_until(
        [&](std::string const& text) {
            found = lines_of(text);
            std::erase_if(found, [&](std::string const& line) { return line.find(mention) == std::string::npos; });
            return found.size() >= count;
        },
        default_timeout);
    INFO(server.err().text());
    REQUIRE(enough);
    return found;
}

}  // namespace

TEST_CASE("there is no access log unless it is enabled") {
    server_process server;
    CHECK(http_client{server.at()}.exchange(get("/healthz?quiet")).status == 200);
    server.signal(SIGTERM);
    CHECK(server.wait_exit() == exited(0));
    CHECK(server.err().text().find("/healthz") == std::string::npos);
}

TEST_CASE("the access log has a line for each request") {
    server_process const server{{"--access-log"}};
    room_client client{server.at(), "kitchen"};
    CHECK(client.http().exchange(get("/healthz")).status == 200);
    CHECK(client.http().exchange(get("/nothing")).status == 404);
    client.publish("hello");
    CHECK(client.poll_raw("wait=0").status == 204);

    struct expected_line {
        std::string target;
        std::string method;
        std::string status;
    };
    for (auto const& [target, method, status] :
         {expected_line{"/healthz", "GET", "200"}, expected_line{"/nothing", "GET", "404"},
          expected_line{"/room/kitchen/publish", "POST", "201"},
          expected_line{"/room/kitchen/subscribe", "GET", "204"}}) {
        auto const lines = lines_with(server, target, 1);
        CHECK(lines.size() == 1);
        INFO(lines.front());
        CHECK(lines.front().find(method) != std::string::npos);
        CHECK(lines.front().find(status) != std::string::npos);
    }
}

TEST_CASE("every line of a JSON log is an object, whatever the clients send") {
    server_process server{{"--access-log", "--log-format", "json", "--log-level", "debug"}};
    http_client client{server.at()};
    for (auto const* target : {"/healthz", "/room/%22quoted%22/messages", "/room/a%0Ab/messages", "/\"raw\"\\back",
                               "/room/caf%C3%A9/messages", "/nothing?x={\"a\":1}", "/room/%FF/messages"}) {
        client.send(get(target, {{"User-Agent", "a \"quoted\" agent\\"}}));
        static_cast<void>(client.receive());
    }
    http_client rude{server.at()};
    rude.send("GET /\xff\xfe\"} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    static_cast<void>(rude.receive_or_end());
    http_client worse{server.at()};
    worse.send("{\"not\":\"HTTP\"}\r\n\r\n");
    static_cast<void>(worse.receive_or_end());
    lines_with(server, "/healthz", 1);
    server.signal(SIGTERM);
    REQUIRE(server.wait_exit() == exited(0));

    auto const lines = lines_of(server.err().text());
    CHECK(lines.size() >= 7);
    for (auto const& line : lines) {
        INFO(line);
        boost::system::error_code error;
        auto const parsed = json::parse(line, error);
        CHECK_FALSE(error);
        CHECK(parsed.is_object());
    }
}

TEST_CASE("a client cannot inject lines into the log") {
    server_process const server{{"--access-log"}};
    http_client client{server.at()};
    static_cast<void>(client.exchange(get("/room/a%0Aforged/messages")));
    static_cast<void>(client.exchange(get("/healthz?end")));
    lines_with(server, "/healthz?end", 1);
    auto const lines = lines_of(server.err().text());
    CHECK(std::ranges::none_of(lines, [](std::string const& line) { return line.starts_with("forged"); }));
}
