// `health`: an exit code for containers and scripts.
#include "loop.hpp"
#include "scripted_server.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::integration;
using anteroom::live::run;
using anteroom::live::scripted_server;

namespace asio = boost::asio;

namespace {

launch health(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "health");
    return {
        .executable = executable_path(), .arguments = std::move(flags), .environment = {}, .descriptors = std::nullopt};
}

}  // namespace

TEST_CASE("health: a server that is ready") {
    temporary_folder const folder;
    server_process const server{{"--listen", "127.0.0.1:0"}};
    child_process child{health({"--url", url_of(server)})};
    auto const done = finish(child);
    CHECK(done.status == exited(0));
    CHECK(done.out == url_of(server) + " is ready\n");
    CHECK(done.err.empty());

    auto const url = "unix:" + folder.path("socket");
    server_process const other{{"--listen", url}};
    auto by_variable = health({});
    by_variable.environment = {{"ANTEROOM_URL", url}};
    child_process second{by_variable};
    CHECK(finish(second).status == exited(0));
}

TEST_CASE("health: it finds the server by the settings of the server") {
    temporary_folder const folder;
    server_process const server{{"--listen", "0.0.0.0:0"}};
    auto const listens = "0.0.0.0:" + std::to_string(server.at().port);
    auto const url = "http://127.0.0.1:" + std::to_string(server.at().port);
    auto const ready = [](launch const& what) {
        child_process child{what};
        auto const done = finish(child);
        INFO(done.err);
        CHECK(done.status == exited(0));
        return done.out;
    };
    CHECK(ready(health({"--listen", listens})) == url + " is ready\n");

    auto by_variable = health({"--config", folder.write("other", "listen = unix:/nonexistent/socket\n")});
    by_variable.environment = {{"ANTEROOM_LISTEN", listens}};
    CHECK(ready(by_variable) == url + " is ready\n");

    auto by_file = health({});
    by_file.environment = {{"ANTEROOM_CONFIG", folder.write("conf", "memory = 2G # much\nlisten = \"" + listens +
                                                                        "\"\nlisten = unix:/nonexistent/socket\n")}};
    CHECK(ready(by_file) == url + " is ready\n");

    // A URL is nearer than where a server listens.
    by_file.environment.emplace_back("ANTEROOM_URL", "unix:/nonexistent/socket");
    child_process child{by_file};
    CHECK(finish(child).status == exited(1));
}

TEST_CASE("health: settings by which no server is found") {
    temporary_folder const folder;
    auto const refusal = [](std::vector<std::string> flags) {
        child_process child{health(std::move(flags))};
        auto const done = finish(child);
        CHECK(done.status == exited(2));
        return done.err;
    };
    CHECK(
        refusal({"--listen", "127.0.0.1:0,[::1]:0"}) ==
        "anteroom: a server that listens on '127.0.0.1:0,[::1]:0' cannot be found; give its --url (try anteroom health "
        "--help)\n");
    CHECK(refusal({"--listen", "here"}).find("'here'") != std::string::npos);
    CHECK(refusal({"--config", folder.path("none")}).find("cannot be read") != std::string::npos);
    CHECK(refusal({"--config", folder.write("conf", "listen\n")}).find("line 1: 'listen' is not a setting") !=
          std::string::npos);
    CHECK(refusal({"--url", "https://127.0.0.1"}).find("TLS") != std::string::npos);
}

TEST_CASE("health: no server") {
    child_process child{health({"--url", "unix:/nonexistent/socket"})};
    auto const done = finish(child);
    CHECK(done.status == exited(1));
    CHECK(done.out.empty());
    CHECK(done.err == "anteroom: unix:/nonexistent/socket cannot be reached: No such file or directory\n");
}

TEST_CASE("health: a server that shuts down, and one that is none") {
    struct answer {
        std::string status;
        std::string body;
        std::string reason;
    };
    for (auto const& [status, body, reason] :
         {answer{"503 Service Unavailable", R"({"detail":"the server is shutting down"})",
                 "the server answered 503: the server is shutting down"},
          answer{"404 Not Found", "{}", "the server answered 404: Not Found"},
          answer{"204 No Content", "", "the server answered 204"}}) {
        asio::io_context io;
        scripted_server server(io);
        auto const url = server.url() + "/chat";
        child_process child{health({"--url", url})};
        std::string request;
        run(io,
            [](scripted_server& by, std::string& into, std::string with, std::string text) -> asio::awaitable<void> {
                into = co_await by.request();
                co_await by.respond(std::move(with), std::move(text));
            }(server, request, status, body));
        CHECK(request.starts_with("GET /chat/readyz HTTP/1.1"));
        auto const done = finish(child);
        CHECK(done.status == exited(1));
        CHECK(done.err == "anteroom: " + url + " is not ready: " + reason + "\n");
    }
}

TEST_CASE("health: no answer in time") {
    asio::io_context io;
    scripted_server const server(io);
    child_process child{health({"--url", server.url(), "--timeout", "200ms"})};
    auto const done = finish(child);
    CHECK(done.status == exited(1));
    CHECK(done.err == "anteroom: " + server.url() + " did not answer in time\n");
    for (auto const* wrong : {"soon", "0", "-1s"}) {
        child_process refused{health({"--timeout", wrong})};
        CHECK(finish(refused).status == exited(2));
    }
}
