// The flags that say by which names the server may be called, and which proxies are believed: in all places where they
// can be set.
#include "http_client.hpp"
#include "problem.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <array>
#include <string>

using namespace anteroom::integration;

namespace {

int status_for(server_process const& server, std::string host, header_list headers = {}) {
    headers.emplace_back("Host", std::move(host));
    return http_client{server.at()}.exchange(get("/rooms", std::move(headers))).status;
}

header_list from_https_page_of(std::string const& name) {
    return {{"X-Forwarded-Proto", "https"}, {"Origin", "https://" + name}, {"Host", name}};
}

}  // namespace

TEST_CASE("without flags the server answers to addresses, localhost and the machine's name") {
    server_process const server;
    std::array<char, 256> machine{};
    REQUIRE(gethostname(machine.data(), machine.size() - 1) == 0);
    for (auto const& host : {std::string{"127.0.0.1"}, std::string{"[::1]:8080"}, std::string{"localhost:1"},
                             std::string{machine.data()}, std::string{machine.data()} + ":8080"}) {
        INFO(host);
        CHECK(status_for(server, host) == 200);
    }
    http_client client{server.at()};
    check_problem(client.exchange(get("/", {{"Host", "chat.example:8080"}})), 421,
                  "this server does not answer to the name 'chat.example'; if it is meant to, start it with --host "
                  "chat.example");
    check_problem(client.exchange(get("/", {{"Host", "a b"}})), 400);
}

TEST_CASE("names are given by flag, environment and file, several at once") {
    temporary_folder const folder;
    auto const file = folder.write("anteroom.conf", "host = a.example\nhost = b.example,*.c.example\n");
    for (auto const& setup : {server_setup{.flags = {"--host", "a.example", "--host", "b.example,*.c.example"}},
                              server_setup{.environment = {{"ANTEROOM_HOST", "a.example,b.example,*.c.example"}}},
                              server_setup{.flags = {"--config", file}}}) {
        server_process const server{setup};
        for (auto const* host : {"a.example", "B.example:80", "x.c.example", "localhost"}) {
            INFO(host);
            CHECK(status_for(server, host) == 200);
        }
        for (auto const* host : {"c.example", "d.example"}) {
            INFO(host);
            CHECK(status_for(server, host) == 421);
        }
    }
}

TEST_CASE("proxies are given by flag, environment and file, several at once") {
    temporary_folder const folder;
    auto const file = folder.write("anteroom.conf", "trust-proxy = 192.0.2.1\ntrust-proxy = 127.0.0.0/8\n");
    for (auto const& [setup, status] :
         {std::pair{server_setup{}, 403},
          {server_setup{.flags = {"--trust-proxy", "192.0.2.1"}}, 403},
          {server_setup{.flags = {"--trust-proxy", "192.0.2.1,127.0.0.1"}}, 201},
          {server_setup{.flags = {"--trust-proxy", "fd00::/8", "--trust-proxy", "127.0.0.1"}}, 201},
          {server_setup{.environment = {{"ANTEROOM_TRUST_PROXY", "127.0.0.1"}}}, 201},
          {server_setup{.flags = {"--config", file}}, 201}}) {
        server_process const server{setup};
        auto const asked = post("/publish", "x", "text/plain", from_https_page_of("localhost"));
        CHECK(http_client{server.at()}.exchange(asked).status == status);
    }
}
