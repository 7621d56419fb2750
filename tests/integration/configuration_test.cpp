// Settings from a file, the environment and flags: which one wins, and that each setting works in all three.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

using namespace anteroom::integration;

namespace {

bool takes(server_process const& server, std::size_t size) {
    return http_client{server.at()}.exchange(post("/publish", std::string(size, 'x'))).status == 201;
}

void check_body_limit(server_setup const& setup, std::size_t limit) {
    server_process const server{setup};
    CHECK(takes(server, limit));
    CHECK_FALSE(takes(server, limit + 1));
}

}  // namespace

TEST_CASE("a flag wins over the environment, the environment over the file") {
    temporary_folder const folder;
    auto const file = folder.write("anteroom.conf", "# limits\nmax-body = 10\n\nhistory-messages = 3\n");

    check_body_limit({.flags = {"--config", file}}, 10);
    check_body_limit({.environment = {{"ANTEROOM_CONFIG", file}}}, 10);
    check_body_limit({.environment = {{"ANTEROOM_MAX_BODY", "20"}}}, 20);
    check_body_limit({.flags = {"--config", file}, .environment = {{"ANTEROOM_MAX_BODY", "20"}}}, 20);
    check_body_limit({.flags = {"--config", file, "--max-body", "30"}, .environment = {{"ANTEROOM_MAX_BODY", "20"}}},
                     30);
    check_body_limit({.flags = {"--max-body=30"}, .environment = {{"ANTEROOM_MAX_BODY", "20"}}}, 30);
    check_body_limit({.flags = {"--config", file, "--max-body", "40"}}, 40);
}

TEST_CASE("every setting in a file takes effect") {
    temporary_folder const folder;
    auto const file = folder.write("anteroom.conf",
                                   "listen = 127.0.0.1:0\nmax-body = 1K\nhistory-messages = 3\npoll-wait = 300ms\n"
                                   "threads = 1\naccess-log = true\nlog-format = json\n");
    server_process const server{server_setup{.flags = {"--config", file}, .listens_by_itself = true}};
    room_client client{server.at(), "kitchen"};
    for (auto i = 0; i < 5; ++i) {
        client.publish("x");
    }
    CHECK(client.facts().messages == 3);
    CHECK(client.poll().messages.empty());
    CHECK(takes(server, 1024));
    CHECK_FALSE(takes(server, 1025));
    CHECK(server.err().wait_until(
        [](std::string const& text) { return text.find("/room/kitchen") != std::string::npos; }, default_timeout));
}

TEST_CASE("every setting in the environment takes effect") {
    server_process const server{server_setup{.environment = {{"ANTEROOM_LISTEN", "127.0.0.1:0"},
                                                             {"ANTEROOM_HISTORY_MESSAGES", "3"},
                                                             {"ANTEROOM_POLL_WAIT", "300ms"},
                                                             {"ANTEROOM_ACCESS_LOG", "true"}},
                                             .listens_by_itself = true}};
    room_client client{server.at(), "kitchen"};
    for (auto i = 0; i < 5; ++i) {
        client.publish("x");
    }
    CHECK(client.facts().messages == 3);
    CHECK(client.poll().messages.empty());
    CHECK(server.err().wait_until(
        [](std::string const& text) { return text.find("/room/kitchen") != std::string::npos; }, default_timeout));
}

TEST_CASE("the origins that may have the page in a frame, from flags, environment and file") {
    temporary_folder const folder;
    auto const file = folder.write("anteroom.conf", "frame-ancestor = https://a.example,http://localhost:3000\n");
    for (auto const& [setup, ancestors] :
         {std::pair{server_setup{}, "'none'"},
          std::pair{server_setup{.flags = {"--frame-ancestor", "https://a.example", "--frame-ancestor",
                                           "http://localhost:3000"}},
                    "https://a.example http://localhost:3000"},
          std::pair{
              server_setup{.environment = {{"ANTEROOM_FRAME_ANCESTOR", "https://a.example,http://localhost:3000"}}},
              "https://a.example http://localhost:3000"},
          std::pair{server_setup{.flags = {"--config", file}}, "https://a.example http://localhost:3000"},
          std::pair{server_setup{.flags = {"--frame-ancestor", "*"}}, "*"}}) {
        server_process const server{setup};
        auto const page = http_client{server.at()}.exchange(get("/room/kitchen", {{"Accept", "text/html"}}));
        INFO(ancestors << '\n' << page.text());
        CHECK(page.header("Content-Security-Policy").ends_with(std::string("frame-ancestors ") + ancestors));
    }
}

TEST_CASE("sizes and times accept their units") {
    for (auto const& [text, limit] : {std::pair{"2K", 2048U}, std::pair{"1M", 1048576U}, std::pair{"5", 5U}}) {
        check_body_limit({.flags = {"--max-body", text, "--history-bytes", "1G", "--memory", "2G"}}, limit);
    }
    for (auto const* time : {"500ms", "5s", "1m", "1h", "1d", "5"}) {
        INFO(time);
        server_process const server{{"--poll-wait-max", time, "--idle-timeout", time}};
        CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
    }
}

TEST_CASE("a value in a file that is wrong is reported with the file and the line") {
    struct wrong_setting {
        char const* lines;
        char const* where;
        char const* reason;
    };
    for (auto const& [lines, where, reason] :
         {wrong_setting{"poll-wait = 20x", "line 2", "poll-wait: '20x' is not a time"},
          wrong_setting{"allow-delete = yes please", "line 2", "allow-delete = yes please"},
          wrong_setting{"listen = 127.0.0.1:0, nowhere", "line 2", "listen: 'nowhere' is not"},
          wrong_setting{"host = bad name", "line 2", "host: 'bad name' is no"},
          wrong_setting{"max-body = 1K\nmax-body = 2K", "line 2", "max-body: At Most 1"},
          wrong_setting{"poll-wait = 1s\npoll-wait-max = 1m\npoll-wait-max = 2m", "line 3",
                        "poll-wait-max: At Most 1"}}) {
        INFO(lines);
        temporary_folder const folder;
        auto const path = folder.write("anteroom.conf", std::string("# a comment\n") + lines + '\n');
        auto const run = run_server({.flags = {"--config", path}, .listens_by_itself = true});
        CHECK(run.status == exited(2));
        INFO(run.err);
        CHECK(run.err.find(path + ", " + where + ": ") != std::string::npos);
        CHECK(run.err.find(reason) != std::string::npos);
        CHECK(run.err.find("--") == std::string::npos);
    }
}

TEST_CASE("several values in one line of a file may have blanks between them") {
    temporary_folder const folder;
    auto const file = folder.write("anteroom.conf", "listen = 127.0.0.1:0, [::1]:0\n");
    server_process const server{server_setup{.flags = {"--config", file}, .listens_by_itself = true}};
    CHECK(server.out().wait_until([](std::string const& text) { return std::ranges::count(text, '\n') == 2; },
                                  default_timeout));
}
