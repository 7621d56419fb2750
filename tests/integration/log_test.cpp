// What the server writes to standard error: the access log, as text or JSON.
#include "descriptor.hpp"
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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

/// A pipe that has taken all that it can before it is read.
class full_pipe {
  public:
    full_pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
        read_ = descriptor{ends[0]};
        write_ = descriptor{ends[1]};
        std::string const filler(4096, '\n');
        while (::write(write_.get(), filler.data(), filler.size()) > 0) {
        }
        ::fcntl(write_.get(), F_SETFL, 0);  // as a pipe usually is
    }

    [[nodiscard]] int write_end() const { return write_.get(); }
    void close_read_end() { read_.close(); }

    /// Reads until that holds; returns all that was read, without the filler.
    template <class Predicate>
    std::string read_until(Predicate const& holds) {
        std::string text;
        auto const enough = eventually([&] {
            std::array<char, 65536> piece{};
            while (true) {
                auto const count = ::read(read_.get(), piece.data(), piece.size());
                if (count <= 0) {
                    break;
                }
                text.append(piece.data(), static_cast<std::size_t>(count));
            }
            return holds(text);
        });
        CHECK(enough);
        return text.substr(std::min(text.find_first_not_of('\n'), text.size()));
    }

  private:
    descriptor read_;
    descriptor write_;
};

std::size_t dropped_lines(http_client& client) {
    auto const text = client.exchange(get("/metrics")).body;
    std::string const name = "\nanteroom_log_lines_dropped_total ";
    auto const at = text.find(name);
    REQUIRE(at != std::string::npos);
    return std::stoul(text.substr(at + name.size()));
}

}  // namespace

TEST_CASE("a log that nobody reads holds up nobody; what is dropped is counted, and said once it is read") {
    auto pipe = full_pipe{};
    server_process server{{.flags = {"--access-log", "--threads", "2"}, .err = pipe.write_end()}};
    http_client client{server.at()};
    std::string const long_target = "/healthz?" + std::string(900, 'x');
    constexpr std::size_t requests = 4000;
    for (std::size_t i = 0; i < requests; ++i) {
        REQUIRE(client.exchange(get(long_target)).status == 200);
    }
    auto const dropped = dropped_lines(client);
    CHECK(dropped > 0);
    CHECK(dropped < requests);

    // What was queued comes whole and in order, then the number of those that are missing, then what is logged since.
    auto text = pipe.read_until([](std::string const& all) { return all.find("dropped here") != all.npos; });
    CHECK(client.exchange(get("/healthz?after")).status == 200);
    text += pipe.read_until([](std::string const& all) { return all.find("/healthz?after") != all.npos; });
    auto const lines = lines_of(text);
    auto const note =
        std::ranges::find_if(lines, [](std::string const& line) { return line.find("dropped here") != line.npos; });
    REQUIRE(note != lines.end());
    INFO(*note);
    auto const whole = std::ranges::count_if(
        lines, [&](std::string const& line) { return line.find(long_target + " 200 ") != line.npos; });
    CHECK(static_cast<std::size_t>(whole) + dropped == requests);
    // The line of the request for the figure comes after its response: it was dropped too, or the log was read by then.
    auto const all_dropped = dropped + (text.find("/metrics") == text.npos ? 1 : 0);
    CHECK(note->find(" warning " + std::to_string(all_dropped) + " lines were dropped here") != note->npos);
    CHECK(std::find_if(note, lines.end(), [](std::string const& line) {
              return line.find("/healthz?after") != line.npos;
          }) != lines.end());
    CHECK(dropped_lines(client) == all_dropped);
}

TEST_CASE("a JSON log says in JSON what it has dropped") {
    auto pipe = full_pipe{};
    server_process const server{{.flags = {"--access-log", "--log-format", "json"}, .err = pipe.write_end()}};
    http_client client{server.at()};
    std::string const long_target = "/healthz?" + std::string(900, 'x');
    while (dropped_lines(client) == 0) {
        for (auto i = 0; i < 500; ++i) {
            REQUIRE(client.exchange(get(long_target)).status == 200);
        }
    }
    auto const text = pipe.read_until([](std::string const& all) { return all.find("dropped here") != all.npos; });
    for (auto const& line : lines_of(text.substr(0, text.rfind('\n') + 1))) {
        INFO(line);
        CHECK(json::parse(line).is_object());
    }
}

TEST_CASE("a log that nobody reads does not keep the server from ending") {
    for (auto const signals : {1, 2}) {
        CAPTURE(signals);
        auto pipe = full_pipe{};
        server_process server{{.flags = {"--access-log", "--drain-timeout", "300s"}, .err = pipe.write_end()}};
        room_client waiting{server.at(), "kitchen"};
        CHECK(waiting.http().exchange(get("/healthz?" + std::string(900, 'x'))).status == 200);
        waiting.start_poll();
        await_subscribers(server.at(), "kitchen", 1);
        stopwatch const watch;
        server.signal(SIGTERM);
        CHECK(waiting.finish_poll().draining);
        if (signals > 1) {
            server.signal(SIGTERM);
        }
        CHECK(server.wait_exit().signaled == false);
        CHECK(watch.elapsed() < 10s);
    }
}

TEST_CASE("a log whose reader has gone, or that cannot be written, ends nobody") {
    for (auto const* path : {"", "/dev/full"}) {
        CAPTURE(path);
        auto pipe = full_pipe{};
        descriptor const full{*path != '\0' ? ::open(path, O_WRONLY | O_CLOEXEC) : -1};
        server_process server{{.flags = {"--access-log"}, .err = full.is_open() ? full.get() : pipe.write_end()}};
        pipe.close_read_end();
        http_client client{server.at()};
        for (auto i = 0; i < 10; ++i) {
            CHECK(client.exchange(get("/healthz")).status == 200);
        }
        CHECK(eventually([&] { return dropped_lines(client) >= 10; }));
        server.signal(SIGTERM);
        CHECK(server.wait_exit() == exited(0));
    }
}

TEST_CASE("all lines are written before a server ends") {
    server_process server{{"--access-log"}};
    http_client client{server.at()};
    for (auto i = 0; i < 200; ++i) {
        CHECK(client.exchange(get("/healthz?" + std::to_string(i) + "!")).status == 200);
    }
    server.signal(SIGTERM);
    REQUIRE(server.wait_exit() == exited(0));
    auto const text = server.err().text();
    for (auto i = 0; i < 200; ++i) {
        CHECK(text.find("/healthz?" + std::to_string(i) + "!") != text.npos);
    }
}

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
