// The load generator, as a user or a script runs it. That it detects faults is tested in tests/bench/check.mjs.
#include "child_process.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

using list = std::vector<std::string>;

launch bench(std::string const& url, list const& flags) {
    list all = {"bench"};
    auto const add = [&](char const* flag, std::string const& value) {
        if (std::ranges::find(flags, flag) == flags.end())
            all.insert(all.end(), {flag, value});
    };
    add("--url", url);
    add("--warm-up", "0.1");
    add("--seconds", "0.3");
    all.insert(all.end(), flags.begin(), flags.end());
    return {.executable = executable_path(), .arguments = all, .environment = {}, .descriptors = std::nullopt};
}

finished_run call(std::string const& url, list const& flags) {
    child_process child{bench(url, flags)};
    return finish(child);
}

bool is_one_line(std::string const& text) {
    return !text.empty() && text.find('\n') == text.size() - 1;
}

double figure(json::object const& of, std::string_view name) {
    return of.at(name).to_number<double>();
}

}  // namespace

TEST_CASE("bench: every load is sound, and reports its results as JSON") {
    server_process const server;
    struct load {
        list flags;
        char const* figure;  // must be above zero
    };
    for (auto const& [flags, of] : {
             load{{"--subs", "20"}, "deliveries"},
             load{{"--subs", "20", "--transport", "batch", "--headers", "browser"}, "deliveries"},
             load{{"--subs", "20", "--transport", "sse"}, "deliveries"},
             load{{"--subs", "20", "--transport", "websocket"}, "deliveries"},
             load{{"--rooms", "20", "--subs", "2", "--together", "10"}, "deliveries"},
             load{{"--mode", "open", "--rate", "200", "--rooms", "5", "--subs", "3"}, "deliveries"},
             load{{"--mode", "open", "--rate", "1600", "--burst", "16", "--pipeline", "16", "--subs", "20"},
                  "deliveries"},
             load{{"--mode", "publish", "--publishers", "4", "--rooms", "2"}, "messages_a_second"},
             load{{"--mode", "backlog", "--subs", "5", "--messages", "50"}, "deliveries"},
             load{{"--mode", "backlog", "--subs", "5", "--messages", "50", "--transport", "batch"}, "deliveries"},
             load{{"--mode", "storm", "--subs", "5"}, "connections_a_second"},
         }) {
        auto all = flags;
        all.emplace_back("--json");
        auto const run = call(url_of(server), all);
        INFO(run.out << run.err);
        CHECK(run.status == exited(0));
        CHECK(run.err.empty());
        CHECK(is_one_line(run.out));
        auto const said = json::parse(run.out).as_object();
        CHECK(said.at("sound").as_bool());
        CHECK(figure(said, of) > 0);
        CHECK(figure(said, "lost") == 0);
    }
}

TEST_CASE("bench: pipelined publishes come to every subscriber, however many come in one write") {
    server_process const server;
    for (auto const* transport : {"batch", "sse", "websocket"}) {
        auto const run =
            call(url_of(server), {"--transport", transport, "--mode", "open", "--rate", "100000", "--burst", "64",
                                  "--pipeline", "64", "--subs", "10", "--messages", "640", "--json"});
        INFO(transport << run.out << run.err);
        CHECK(run.status == exited(0));
        auto const said = json::parse(run.out).as_object();
        CHECK(figure(said, "published_in_all") == 640);
        CHECK(figure(said, "delivered_in_all") == 6400);
        CHECK(figure(said, "lost") + figure(said, "repeated") + figure(said, "reordered") == 0);
    }
}

TEST_CASE("bench: a run of a number of messages publishes exactly those") {
    server_process const server;
    for (auto const& [flags, subscribers] :
         {std::pair{list{"--mode", "closed"}, 3}, std::pair{list{"--mode", "closed", "--together", "2"}, 3},
          std::pair{list{"--mode", "open", "--rate", "1000"}, 3}, std::pair{list{"--mode", "publish"}, 0}}) {
        auto all = flags;
        // It ends by the messages: in the time it would not.
        all.insert(all.end(), {"--rooms", "4", "--subs", "3", "--messages", "25", "--seconds", "3600", "--json"});
        auto const run = call(url_of(server), all);
        INFO(flags.back() << run.out << run.err);
        CHECK(run.status == exited(0));
        auto const said = json::parse(run.out).as_object();
        CHECK(figure(said, "published_in_all") == 100);
        CHECK(figure(said, "delivered_in_all") == 100 * subscribers);
    }
}

TEST_CASE(
    "bench: what a client of the tutorial's protocol misses between two polls is counted, and does not stop the run") {
    server_process const server;
    auto const run = call(url_of(server), {"--dialect", "tutorial", "--subs", "5", "--json"});
    INFO(run.out << run.err);
    CHECK(run.err.empty());
    auto const said = json::parse(run.out).as_object();
    CHECK(figure(said, "deliveries") > 0);
    CHECK(figure(said, "delivered_in_all") + figure(said, "lost") == 5 * figure(said, "published_in_all"));
    CHECK(run.status == exited(figure(said, "lost") == 0 ? 0 : 1));
}

TEST_CASE("bench: publishers do not connect before they publish") {
    // Before it publishes, the run waits a second for the server to settle.
    server_process const server{{"--header-timeout", "300ms", "--idle-timeout", "30s"}};
    for (auto const* mode : {"closed", "open"}) {
        auto const run = call(url_of(server), {"--mode", mode, "--rate", "50", "--subs", "3"});
        INFO(run.out << run.err);
        CHECK(run.status == exited(0));
    }
}

TEST_CASE("bench: percentiles are monotonic, and the last subscriber is never before the others") {
    server_process const server;
    auto const run = call(url_of(server), {"--subs", "50", "--json"});
    auto const said = json::parse(run.out).as_object();
    auto const& last = said.at("last").as_object();
    for (auto const& of : {said, last}) {
        CHECK(figure(of, "p50_us") > 0);
        CHECK(figure(of, "p50_us") <= figure(of, "p90_us"));
        CHECK(figure(of, "p90_us") <= figure(of, "p99_us"));
        CHECK(figure(of, "p99_us") <= figure(of, "max_us"));
    }
    CHECK(figure(last, "p50_us") >= figure(said, "p50_us"));
    CHECK_FALSE(said.at("timeline").as_array().empty());
    CHECK(said.at("percentiles").as_array().size() > 5);
}

TEST_CASE("bench: a usage error is one line, and exit code 2") {
    server_process const server;
    for (auto const& flags : {list{"--subs", "0"}, list{"--mode", "sideways"}, list{"--rooms", "3", "--together", "2"},
                              list{"--stalled", "1"}, list{"--mode", "storm", "--transport", "sse"},
                              list{"--mode", "idle"}, list{"--mode", "storm", "--messages", "5"},
                              list{"--dialect", "tutorial", "--rooms", "2"}, list{"--url", "https://127.0.0.1"},
                              list{"--url", "http://127.0.0.1:1"}, list{"--pid", "999999999"}, list{"--frobnicate"}}) {
        auto const run = call(url_of(server), flags);
        INFO(flags.front() << ' ' << run.out << run.err);
        CHECK(run.status == exited(2));
        CHECK(run.out.empty());
        CHECK(is_one_line(run.err));
    }
}

TEST_CASE("bench: a server that exits during the run ends it with one line and exit code 1") {
    for (auto const* transport : {"poll", "sse", "websocket"}) {
        INFO(transport);
        server_process server;
        child_process child{bench(url_of(server), {"--seconds", "60", "--subs", "5", "--transport", transport})};
        http_client asker{server.at()};
        CHECK(eventually([&] {
            auto const rooms = asker.exchange(get("/rooms")).json().at("rooms").as_array();
            return std::ranges::any_of(rooms, [](auto const& each) { return each.at("messages").as_int64() > 3; });
        }));
        server.signal(SIGTERM);
        auto const run = finish(child);
        CHECK(run.status == exited(1));
        CHECK(is_one_line(run.err));
        CHECK(run.out.find("NOT SOUND") != std::string::npos);
        CHECK(server.wait_exit() == exited(0));
    }
}

TEST_CASE("bench: the server's memory and CPU are measured if its process is given") {
    server_process const server;
    child_process child{
        bench(url_of(server), {"--mode", "idle", "--subs", "100", "--json", "--pid", std::to_string(server.pid())})};
    auto const run = finish(child);
    INFO(run.out << run.err);
    CHECK(run.status == exited(0));
    auto const said = json::parse(run.out).as_object();
    CHECK(figure(said, "private_bytes") > 0);
    CHECK(figure(said, "cpu_us_a_delivery") > 0);
    auto const& memory = said.at("memory").as_array();
    CHECK(memory.size() == 11);
    CHECK(memory.back().as_array().at(0).to_number<int>() == 100);
}

TEST_CASE("bench: the report page contains the figures and loads nothing") {
    server_process const server;
    temporary_folder const folder;
    auto const file = folder.path("bench.html");
    CHECK(call(url_of(server), {"--subs", "5", "--report", file}).status == exited(0));
    std::ifstream stream(file);
    std::string const page{std::istreambuf_iterator<char>(stream), {}};
    CHECK(page.find("src=\"http") == std::string::npos);
    CHECK(page.find("href=\"http") == std::string::npos);
    std::string_view const place = R"(id="data">)";
    auto const begin = page.find(place) + place.size();
    auto const data = json::parse(page.substr(begin, page.find("</script>", begin) - begin)).as_object();
    CHECK(figure(data.at("runs").as_array().at(0).as_object(), "deliveries") > 0);
    CHECK(data.at("machine").as_object().contains("cores"));
    auto const refused = call(url_of(server), {"--subs", "5", "--report", folder.path("no/such/folder.html")});
    CHECK(refused.status == exited(2));
    CHECK(is_one_line(refused.err));
}

TEST_CASE("bench: on a terminal a progress bar is shown") {
    server_process const server;
    auto const shown = bench(url_of(server), {"--subs", "5"});
    std::string line = shown.executable;
    for (auto const& each : shown.arguments)
        line += " " + each;
    child_process child{{.executable = "/usr/bin/script",
                         .arguments = {"--quiet", "--return", "--command", line, "/dev/null"},
                         .environment = {{"TERM", "xterm"}},
                         .descriptors = std::nullopt}};
    auto const run = finish(child);
    CHECK(run.status == exited(0));
    CHECK(run.out.find("measure  [#") != std::string::npos);
    CHECK(run.out.find("deliveries/s") != std::string::npos);
    CHECK(run.out.find("sound") != std::string::npos);
}
