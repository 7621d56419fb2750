// The addresses that the server listens on: IPv4, IPv6, a Unix socket, and several at once.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <filesystem>
#include <string>

using namespace anteroom::integration;

namespace {

bool has_ipv6_loopback() {
    descriptor const socket{::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    return ::bind(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
}

}  // namespace

TEST_CASE("the first line has the real port") {
    server_process const first;
    server_process const second;
    CHECK(first.at().host == "127.0.0.1");
    CHECK(first.at().port != 0);
    CHECK(first.at().port != second.at().port);
    CHECK(http_client{second.at()}.exchange(get("/healthz")).status == 200);
}

TEST_CASE("it listens on IPv6") {
    if (!has_ipv6_loopback()) {
        SKIP("this machine has no IPv6 loopback");
    }
    server_process const server{{"--listen", "[::1]:0"}};
    CHECK(server.at().host == "::1");
    CHECK(http_client{server.at()}.exchange(get("/healthz", {{"Host", server.at().authority()}})).status == 200);
}

TEST_CASE("it listens on a Unix socket") {
    temporary_folder const folder;
    server_process server{{"--threads", "2", "--listen", "unix:" + folder.path("socket")}};
    CHECK(server.at().path == folder.path("socket"));
    room_client reader{server.at(), "kitchen"};
    reader.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    room_client{server.at(), "kitchen"}.publish("hello");
    CHECK(reader.finish_poll().texts() == std::vector<std::string>{"hello"});
    reader.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    reader.http().raw().close();
    await_subscribers(server.at(), "kitchen", 0);

    server.signal(SIGTERM);
    CHECK(server.wait_exit() == exited(0));
    CHECK_FALSE(std::filesystem::exists(folder.path("socket")));
}

TEST_CASE("the socket left behind by a killed server is replaced") {
    temporary_folder const folder;
    auto const address = "unix:" + folder.path("socket");
    {
        // Bound and never unlinked, like the socket of a killed process.
        descriptor const left{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_un where{};
        where.sun_family = AF_UNIX;
        folder.path("socket").copy(static_cast<char*>(where.sun_path), sizeof where.sun_path - 1);
        REQUIRE(::bind(left.get(), reinterpret_cast<sockaddr const*>(&where), sizeof where) == 0);
    }
    REQUIRE(std::filesystem::exists(folder.path("socket")));
    server_process const server{{"--listen", address}};
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
}

TEST_CASE("a file that is not a socket is not replaced") {
    temporary_folder const folder;
    auto const file = folder.write("precious", "text");
    auto const run = run_server({.flags = {"--listen", "unix:" + file}});
    CHECK(run.status == exited(2));
    CHECK(std::filesystem::is_regular_file(file));
}

TEST_CASE("several listeners serve the same rooms") {
    temporary_folder const folder;
    server_process const server{server_setup{
        .flags = {"--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--listen", "unix:" + folder.path("socket")},
        .listeners = 3}};
    CHECK(server.at(0).port != server.at(1).port);
    CHECK(server.at(2).path == folder.path("socket"));
    room_client first{server.at(0), "kitchen"};
    room_client second{server.at(1), "kitchen"};
    room_client third{server.at(2), "kitchen"};
    first.start_poll();
    third.start_poll();
    await_subscribers(server.at(1), "kitchen", 2);
    second.publish("hello");
    CHECK(first.finish_poll().texts() == std::vector<std::string>{"hello"});
    CHECK(third.finish_poll().texts() == std::vector<std::string>{"hello"});
}
