// Start-up: an error that prevents it is reported in one line, with exit code 2.
#include "http_client.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

/// Checks that start-up fails with one line that contains `mention`.
void check_refused(server_setup const& setup, std::string const& mention) {
    auto const run = run_server(setup);
    INFO(run.out << run.err);
    CHECK(run.status == exited(2));
    CHECK(run.out.empty());
    CHECK(lines_of(run.err).size() == 1);
    CHECK(run.err.ends_with('\n'));
    CHECK(run.err.find(mention) != std::string::npos);
}

}  // namespace

TEST_CASE("an invalid flag is named") {
    struct mistake {
        std::vector<std::string> flags;
        std::string mention;
    };
    std::vector<mistake> const mistakes{
        {{"--no-such-flag"}, "--no-such-flag"},
        {{"--history-messages", "none"}, "history-messages"},
        {{"--history-messages", "-1"}, "history-messages"},
        {{"--history-bytes", "4X"}, "history-bytes"},
        {{"--history-age", "5parsecs"}, "history-age"},
        {{"--memory", "much"}, "memory"},
        {{"--threads", "0"}, "threads"},
        {{"--threads", "two"}, "threads"},
        {{"--poll-wait", "soon"}, "poll-wait"},
        {{"--poll-wait-max", "-5s"}, "poll-wait-max"},
        {{"--max-body", "-1"}, "max-body"},
        {{"--max-body"}, "max-body"},
        {{"--header-timeout", "1y"}, "header-timeout"},
        {{"--drain-timeout", ""}, "drain-timeout"},
        {{"--host", "http://chat.example"}, "http://chat.example"},
        {{"--host", "chat.example:80"}, "chat.example:80"},
        {{"--host", "chat.*"}, "chat.*"},
        {{"--trust-proxy", "localhost"}, "localhost"},
        {{"--trust-proxy", "10.0.0.0/33"}, "10.0.0.0/33"},
        {{"--allow-origin", "https://*.example"}, "https://*.example"},
        {{"--frame-ancestor", "app.example"}, "app.example"},
        {{"--frame-ancestor", "https://app.example/"}, "https://app.example/"},
        {{"--frame-ancestor", "https://*.example"}, "https://*.example"},
        {{"--frame-ancestor", "null"}, "null"},
        {{"--frame-ancestor", "https://a;b"}, "https://a;b"},
        {{"--frame-ancestor", "'self'"}, "'self'"},
        {{"--log-level", "loud"}, "log-level"},
        {{"--log-format", "xml"}, "log-format"},
        {{"--web", "/nonexistent-folder"}, "/nonexistent-folder"},
        {{"--config", "/nonexistent-file"}, "/nonexistent-file"},
        {{"--config", "/"}, "/"},
    };
    for (auto const& [flags, mention] : mistakes) {
        INFO(flags.front() << ' ' << flags.back());
        check_refused({.flags = flags}, mention);
    }
}

TEST_CASE("an address that cannot be bound is named") {
    for (auto const* address : {"nonsense", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", ":", "",
                                "256.0.0.1:0", "192.0.2.1:0", "[::1", "[::1]", "unix:", "unix:/nonexistent/socket"}) {
        INFO(address);
        check_refused({.flags = {"--listen", address}}, address);
    }
    auto const long_path = "unix:/tmp/" + std::string(200, 'x');
    check_refused({.flags = {"--listen", long_path}}, "xxx");
    check_refused({.flags = {"--listen", "127.0.0.1:0", "--listen", "nonsense"}}, "nonsense");
}

TEST_CASE("a port of another server is busy") {
    server_process const server;
    auto const port = std::to_string(server.at().port);
    check_refused({.flags = {"--listen", "127.0.0.1:" + port}}, port);
    check_refused({.flags = {"--threads", "1", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:" + port}}, port);
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
}

TEST_CASE("a Unix socket of another server is busy") {
    temporary_folder const folder;
    auto const path = folder.path("socket");
    server_process const server{{"--listen", "unix:" + path}};
    check_refused({.flags = {"--listen", "unix:" + path}}, path);
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
}

TEST_CASE("a folder for --web that cannot be served is named") {
    temporary_folder const folder;
    auto const page = folder.write("page.html", "page");
    REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
    std::filesystem::create_directories(folder.path("pipes"));
    REQUIRE(::mkfifo(folder.path("pipes/index.html").c_str(), 0600) == 0);
    std::filesystem::create_directories(folder.path("folders/index.html"));
    std::filesystem::create_directories(folder.path("links"));
    std::filesystem::create_symlink(page, folder.path("links/index.html"));
    for (auto const& path : {page, folder.path("pipe"), folder.path("pipes"), folder.path("folders"),
                             folder.path("links"), folder.path("none")}) {
        INFO(path);
        check_refused({.flags = {"--web", path}}, path);
    }
}

TEST_CASE("an invalid configuration is named") {
    temporary_folder const folder;
    struct mistake {
        std::string text;
        std::string mention;
    };
    for (auto const& [text, mention] :
         {mistake{"no-such-setting = 1\n", "no-such-setting"}, mistake{"max-body = large\n", "max-body"},
          mistake{"threads = 0\n", "threads"}}) {
        INFO(text);
        check_refused({.flags = {"--config", folder.write("anteroom.conf", text)}}, mention);
    }
}

TEST_CASE("an invalid environment variable is named") {
    check_refused({.environment = {{"ANTEROOM_MAX_BODY", "large"}}}, "large");
    check_refused({.environment = {{"ANTEROOM_CONFIG", "/nonexistent-file"}}}, "/nonexistent-file");
    check_refused({.environment = {{"ANTEROOM_LISTEN", "nonsense"}}, .listens_by_itself = true}, "nonsense");
}

TEST_CASE("--version and --help print their text and exit") {
    auto const version = run_server({.flags = {"--version"}, .listens_by_itself = true});
    CHECK(version.status == exited(0));
    CHECK(version.err.empty());
    REQUIRE(lines_of(version.out).size() == 1);
    CHECK(version.out.find_first_of("0123456789") != std::string::npos);
    server_process const server;
    auto const line = lines_of(server.out().text()).at(0);
    auto const number = line.substr(9, line.find(' ', 9) - 9);  // anteroom VERSION listening on …
    INFO(line);
    CHECK(version.out.find(number) != std::string::npos);

    auto const help = run_server({.flags = {"--help"}, .listens_by_itself = true});
    CHECK(help.status == exited(0));
    CHECK(help.err.empty());
    for (auto const* flag :
         {"--listen",       "--threads",       "--history-messages", "--history-bytes", "--history-age",
          "--memory",       "--poll-wait",     "--poll-wait-max",    "--max-body",      "--header-timeout",
          "--body-timeout", "--write-timeout", "--idle-timeout",     "--drain-timeout", "--web",
          "--log-level",    "--log-format",    "--access-log",       "--config",        "--version",
          "--help"}) {
        INFO(flag);
        CHECK(help.out.find(flag) != std::string::npos);
    }
}
