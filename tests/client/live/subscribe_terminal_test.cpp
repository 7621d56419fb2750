// `subscribe` at a terminal: what others wrote is shown, and not obeyed.
#include "room_client.hpp"
#include "server_process.hpp"
#include "terminal_process.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::integration;

namespace {

launch subscribe(server_process const& server, std::vector<std::string> flags) {
    std::vector<std::string> arguments{"subscribe", "kitchen", "--url", url_of(server)};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return {.executable = executable_path(),
            .arguments = std::move(arguments),
            .environment = {},
            .descriptors = std::nullopt};
}

constexpr auto* hostile =
    "a\x1B]0;title\x07\x1B[2J\xC2\x9B\x31m\xE2\x80\xAE"
    "b\r\nc\td\x7F";

}  // namespace

TEST_CASE("subscribe: messages are harmless on a terminal, and as they are in a pipe") {
    server_process const server;
    room_client kitchen{server.at(), "kitchen"};
    kitchen.publish(hostile);
    auto const* const json = "{\"a\":\"\xC2\x9B\xE2\x81\xA6\"}";
    REQUIRE(kitchen.http().exchange(post(kitchen.target("/publish"), json, json_type)).status == 201);
    {
        terminal_process at{subscribe(server, {"--after", "0", "--count", "2"})};
        CHECK(at.wait_exit() == exited(0));
        CHECK(at.written() ==
              "a\xEF\xBF\xBD]0;title\xEF\xBF\xBD\xEF\xBF\xBD[2J\xEF\xBF\xBD"
              "1m‹U+202E›b\r\nc\td\xEF\xBF\xBD\r\n"
              "{\"a\":\"\xEF\xBF\xBD‹U+2066›\"}\r\n");
    }
    terminal_process at{subscribe(server, {"--after", "0", "--count", "2", "--form", "json"})};
    CHECK(at.wait_exit() == exited(0));
    CHECK(at.shows(R"("data":"a\u001b]0;title\u0007\u001b[2J\u009b1m\u202eb\r\nc\td\u007f"})"));
    CHECK(at.shows(R"("data":{"a":"\u009b\u2066"}})"));
    CHECK(at.written().find('\x1B') == std::string::npos);

    child_process pipe{subscribe(server, {"--after", "0", "--count", "1"})};
    CHECK(finish(pipe).out == std::string(hostile) + "\n");
}

TEST_CASE("subscribe: after Ctrl-C the cursor to resume from has a line of its own") {
    server_process const server;
    terminal_process at{subscribe(server, {})};
    await_subscribers(server.at(), "kitchen", 1);
    auto const id = room_client(server.at(), "kitchen").publish("a");
    CHECK(at.shows("a\n"));
    at.type("\x03");
    CHECK(at.wait_exit() == exited(0));
    CHECK(at.text() == "a\n^C\nanteroom: resume with --after " + id + "\n");
    CHECK(at.cursor_line() == "|");
}
