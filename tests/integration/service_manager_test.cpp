// The server under a service manager as systemd is one: sockets that are passed to it, and the states it is notified
// of.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

sockaddr_un unix_address(std::string const& path) {
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(out.sun_path), sizeof out.sun_path - 1);
    return out;
}

/// The socket that a manager is notified at.
class manager_end {
  public:
    explicit manager_end(std::string path) : path_{std::move(path)} {
        auto const at = unix_address(path_);
        REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0);
    }
    [[nodiscard]] std::string const& path() const { return path_; }

    /// The next notification; empty when none comes in time.
    [[nodiscard]] std::string receive(milliseconds bound = default_timeout) const {
        pollfd waiting{socket_.get(), POLLIN, 0};
        std::array<char, 4096> bytes{};
        if (::poll(&waiting, 1, static_cast<int>(bound.count())) <= 0) {
            return {};
        }
        auto const got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        return {bytes.data(), static_cast<std::size_t>(got)};
    }

  private:
    std::string path_;
    descriptor socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

// Sockets as a manager makes them: blocking, and inherited by its children.
descriptor listening_tcp() {
    descriptor made{::socket(AF_INET, SOCK_STREAM, 0)};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(made.get(), reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0);
    REQUIRE(::listen(made.get(), 16) == 0);
    return made;
}

descriptor listening_unix(std::string const& path) {
    descriptor made{::socket(AF_UNIX, SOCK_STREAM, 0)};
    auto const at = unix_address(path);
    REQUIRE(::bind(made.get(), reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0);
    REQUIRE(::listen(made.get(), 16) == 0);
    return made;
}

/// A server to which descriptors were passed from 3 on. Bash moves them there, and is the process whose number is
/// LISTEN_PID before it becomes the server.
class activated_server {
  public:
    explicit activated_server(std::vector<int> const& passed, std::vector<std::string> const& flags = {})
        : child_{launch_of(passed, flags)} {}

    /// Where it listens, once it has said so.
    std::vector<endpoint> listening(std::size_t count) {
        if (!child_.out().wait_until([&](std::string const& text) { return lines_of(text).size() >= count; },
                                     default_timeout)) {
            FAIL("the server does not listen: " << child_.err().text());
        }
        std::vector<endpoint> out;
        for (auto const& line : lines_of(child_.out().text())) {
            out.push_back(parse_listening_line(line));
        }
        return out;
    }
    finished_run end() {
        child_.signal(SIGTERM);
        return finish(child_);
    }
    finished_run finished() { return finish(child_); }

  private:
    static launch launch_of(std::vector<int> const& passed, std::vector<std::string> const& flags) {
        std::string script;
        auto number = 3;
        for (auto const each : passed) {
            script += "exec " + std::to_string(number++) + "<&" + std::to_string(each) + ";";
        }
        script += "export LISTEN_PID=$$ LISTEN_FDS=" + std::to_string(passed.size()) + "; exec \"$0\" \"$@\"";
        std::vector<std::string> arguments{"-c", script, executable_path()};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        return {.executable = "/bin/bash",
                .arguments = arguments,
                .environment = {},
                .descriptors = std::nullopt,
                .fed = false,
                .err = std::nullopt};
    }

    child_process child_;
};

}  // namespace

TEST_CASE("the service manager is notified when the server serves and when it drains") {
    temporary_folder const folder;
    manager_end const manager{folder.path("notify")};
    server_process server{
        server_setup{.flags = {"--drain-timeout", "7s"}, .environment = {{"NOTIFY_SOCKET", manager.path()}}}};
    CHECK(manager.receive() == "READY=1\nSTATUS=listening on " + url_of(server) + "/");
    room_client waiting{server.at(), "kitchen"};
    waiting.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    server.signal(SIGTERM);
    CHECK(manager.receive() == "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=12000000");
    CHECK(waiting.finish_poll().draining);
    CHECK(server.wait_exit() == exited(0));
    CHECK(manager.receive(0ms).empty());
}

TEST_CASE("a server that cannot start does not say that it is ready") {
    temporary_folder const folder;
    manager_end const manager{folder.path("notify")};
    auto const run =
        run_server({.flags = {"--listen", "192.0.2.1:0"}, .environment = {{"NOTIFY_SOCKET", manager.path()}}});
    CHECK(run.status == exited(2));
    CHECK(manager.receive(0ms).empty());
}

TEST_CASE("a manager that cannot be notified is logged, and the server serves") {
    server_process const server{server_setup{.environment = {{"NOTIFY_SOCKET", "/nonexistent/notify"}}}};
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
    CHECK(server.err().wait_until(
        [](std::string const& text) { return text.find("could not be notified") != std::string::npos; },
        default_timeout));
}

TEST_CASE("sockets that were passed replace the default address") {
    temporary_folder const folder;
    auto const file = folder.path("socket");
    auto const tcp = listening_tcp();
    auto const local = listening_unix(file);
    for (auto const* threads : {"1", "3"}) {
        INFO(threads << " threads");
        activated_server server{{tcp.get(), local.get()}, {"--threads", threads}};
        auto const at = server.listening(2);
        REQUIRE(at.size() == 2);
        CHECK(at[0].host == "127.0.0.1");
        CHECK(at[1].path == file);
        room_client reader{at[0], "kitchen"};
        reader.start_poll();
        await_subscribers(at[1], "kitchen", 1);
        room_client{at[1], "kitchen"}.publish("hello");
        CHECK(reader.finish_poll().texts() == std::vector<std::string>{"hello"});
        auto const run = server.end();
        CHECK(run.status == exited(0));
        CHECK(run.err.find("has passed the socket of http://127.0.0.1:") != std::string::npos);
        CHECK(run.err.find("has passed the socket of unix:" + file) != std::string::npos);
        // They are the manager's: the next server listens at the same ones.
        CHECK(std::filesystem::exists(file));
    }
}

TEST_CASE("a connection made while no server runs is served by the next one") {
    auto const tcp = listening_tcp();
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    REQUIRE(::getsockname(tcp.get(), reinterpret_cast<sockaddr*>(&bound), &size) == 0);
    http_client early{endpoint{.host = "127.0.0.1", .port = ntohs(bound.sin_port), .path = {}}};
    early.send(get("/healthz").bytes());
    activated_server server{{tcp.get()}};
    CHECK(early.receive().status == 200);
    CHECK(server.end().status == exited(0));
}

TEST_CASE("--listen adds to the sockets that were passed") {
    auto const tcp = listening_tcp();
    activated_server server{{tcp.get()}, {"--listen", "127.0.0.1:0"}};
    auto const at = server.listening(2);
    REQUIRE(at.size() == 2);
    CHECK(at[0].port != at[1].port);
    for (auto const& each : at) {
        CHECK(http_client{each}.exchange(get("/healthz")).status == 200);
    }
    CHECK(server.end().status == exited(0));
}

TEST_CASE("an address of --listen whose socket was passed is that socket") {
    temporary_folder const folder;
    auto const file = folder.path("socket");
    auto const tcp = listening_tcp();
    auto const local = listening_unix(file);
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    REQUIRE(::getsockname(tcp.get(), reinterpret_cast<sockaddr*>(&bound), &size) == 0);
    auto const address = "127.0.0.1:" + std::to_string(ntohs(bound.sin_port));
    activated_server server{{tcp.get(), local.get()}, {"--listen", address, "--listen", "unix:" + file}};
    auto const at = server.listening(2);
    CHECK(http_client{at[0]}.exchange(get("/healthz")).status == 200);
    auto const run = server.end();
    CHECK(run.status == exited(0));
    CHECK(std::ranges::count(run.out, '\n') == 2);
}

TEST_CASE("what was passed and is no listening socket is refused") {
    descriptor const unbound{::socket(AF_INET, SOCK_STREAM, 0)};
    descriptor const datagrams{::socket(AF_INET, SOCK_DGRAM, 0)};
    temporary_folder const folder;
    descriptor const file{::open(folder.write("file", "text").c_str(), O_RDONLY)};
    for (auto const passed : {unbound.get(), datagrams.get(), file.get()}) {
        activated_server server{{passed}};
        auto const run = server.finished();
        INFO(run.err);
        CHECK(run.status == exited(2));
        CHECK(run.err.starts_with("anteroom: descriptor 3 was passed"));
    }
}
