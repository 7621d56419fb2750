// `anteroom bench`: puts rooms of subscribers on a server, checks every delivery and measures what it costs.
#include "command_line.hpp"
#include "descriptor_limit.hpp"
#include <anteroom/bench/body.hpp>
#include <anteroom/bench/report.hpp>

#include <fmt/format.h>

#include <sys/prctl.h>

#include <csignal>
#include <exception>
#include <fstream>

namespace anteroom {

namespace {

using namespace bench;

struct bench_options {
    load_options load;
    bool json = false;
    std::string page;
};

void add_count(CLI::App& app, std::string const& flag, std::size_t& value, std::string const& what,
               std::size_t least = 1, std::size_t most = 1'000'000) {
    app.add_option(flag, value, what)
        ->check(CLI::Range(least, most))
        ->option_text(value == 0 ? "N" : fmt::format("N={}", value));
}

void add_real(CLI::App& app, std::string const& flag, double& value, double least, double most, std::string const& what,
              char const* type) {
    app.add_option(flag, value, what)->check(CLI::Range(least, most))->option_text(fmt::format("{}={}", type, value));
}

void add_subscriber_flags(CLI::App& app, load_options& load) {
    add_choice<transport_kind>(app, "--transport", load.transport,
                               {{"poll", transport_kind::poll},
                                {"batch", transport_kind::batch},
                                {"sse", transport_kind::sse},
                                {"websocket", transport_kind::websocket}},
                               "Of subscribers; batch: polls whose answers carry everything there is");
    add_count(app, "--rooms", load.rooms, "Rooms");
    add_count(app, "--subs", load.subscribers, "Subscribers of each room; storm: connections at a time");
    add_count(app, "--together", load.together, "Rooms of each subscription");
    add_count(app, "--stalled", load.stalled, "Additional subscribers, whose streams stay unread until the run is over",
              0);
    add_count(app, "--wait", load.wait, "Seconds that a poll asks to wait: the server's choice unless given", 0, 3600);
    add_choice<header_kind>(app, "--headers", load.headers,
                            {{"small", header_kind::small}, {"browser", header_kind::browser}},
                            "Of each request: a few fields, or some 600 bytes as a browser sends");
}

void add_publisher_flags(CLI::App& app, load_options& load) {
    add_count(app, "--size", load.body_bytes, "Bytes of a message", message_body::least_bytes, 1U << 20U);
    add_real(app, "--rate", load.rate, 0.001, 1e7, "open: messages per second, all rooms together", "N");
    add_count(app, "--burst", load.burst,
              "open: messages that come due together and are sent at once, as far as --pipeline allows");
    add_count(app, "--messages", load.messages,
              fmt::format("Of each room. backlog: {} unless given; closed, open, publish: the run ends after them, and "
                          "not by --seconds",
                          default_backlog),
              0);
    add_count(app, "--publishers", load.publishers,
              "Connections that publish: one per room, at most 1000, unless given", 0);
    add_count(app, "--pipeline", load.pipeline, "Publishes in flight on one connection");
}

void add_flags(CLI::App& app, bench_options& what) {
    auto& load = what.load;
    app.add_option("--url,--target", load.url, "The server: http://IPV4:PORT")
        ->envname("ANTEROOM_URL")
        ->type_name("URL")
        ->default_str(load.url);
    app.add_option("--pid", load.pids, "The server's process: measure it and its children (repeatable)")
        ->type_name("N");
    add_choice<dialect_kind>(app, "--dialect", load.dialect,
                             {{"anteroom", dialect_kind::anteroom},
                              {"nchan", dialect_kind::nchan},
                              {"tutorial", dialect_kind::tutorial},
                              {"raw", dialect_kind::raw}},
                             "The API of the server");
    add_choice<load_mode>(app, "--mode", load.mode,
                          {{"closed", load_mode::closed},
                           {"open", load_mode::open},
                           {"idle", load_mode::idle},
                           {"publish", load_mode::publish},
                           {"backlog", load_mode::backlog},
                           {"storm", load_mode::storm}},
                          "closed: the next message when all subscribers have the last. open: at --rate. idle: the "
                          "memory of waiting subscribers. publish: no subscribers. backlog: subscribers connect "
                          "last. storm: they connect, poll and hang up");
    add_subscriber_flags(app, load);
    add_publisher_flags(app, load);
    add_real(app, "--warm-up", load.warm_up, 0, 86'400, "Warm-up before measuring", "SECONDS");
    add_real(app, "--seconds", load.seconds, 0, 86'400, "Duration of the measurement", "SECONDS");
    add_real(app, "--stall", load.stall, 0.1, 86'400, "Time without progress that fails the run", "SECONDS");
    app.add_flag("--json", what.json, "Print one line of JSON");
    app.add_option("--report", what.page, "Write a page with plots")->type_name("FILE.html");
}

char const* find_conflict(bench_options const& what) {
    auto const& load = what.load;
    if (load.rooms % load.together != 0)
        return "--rooms must be a multiple of --together";
    bool const streams = load.transport == transport_kind::sse || load.transport == transport_kind::websocket;
    if (load.stalled != 0 && !streams)
        return "--stalled needs --transport sse or websocket";
    if (load.mode == load_mode::storm && streams)
        return "--mode storm needs --transport poll or batch";
    if (load.messages != 0 && (load.mode == load_mode::idle || load.mode == load_mode::storm))
        return "--messages needs --mode closed, open, publish or backlog";
    if (load.mode == load_mode::idle && load.pids.empty())
        return "--mode idle measures the server's memory: give its --pid";
    return nullptr;
}

bool write_page(std::string const& path, std::string const& page) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << page;
    return static_cast<bool>(file.flush());
}

int run_bench(bench_options const& what, std::string const& command_line) {
    auto const result = run_load(what.load);
    if (!result.error.empty())
        report(result.error);
    auto const text = what.json ? to_json(what.load, result) : to_text(what.load, result);
    if (print_out(text + "\n") != 0)
        return 2;
    if (!what.page.empty() && !write_page(what.page, to_page(what.load, result, command_line))) {
        report(fmt::format("{} cannot be written", what.page));
        return 2;
    }
    return result.sound() ? 0 : 1;
}

}  // namespace

int bench_command(invocation how) {
    std::signal(SIGPIPE, SIG_IGN);
    bench_options what;
    CLI::App app(
        "Puts rooms of subscribers on a server, checks that each gets every message once and in order, and measures "
        "latency, CPU and memory. Exit code: 0 sound; 1 messages lost, repeated or reordered, or the run aborted; 2 "
        "usage error or no server.",
        "anteroom bench");
    add_flags(app, what);
    app.footer("Example: anteroom bench --pid $(pidof anteroom) --rooms 50 --subs 20 --report bench.html");
    if (auto const code = parse(app, how))
        return *code;
    if (auto const* const why = find_conflict(what))
        return usage_error(app, why);
    raise_descriptor_limit();
    ::prctl(PR_SET_TIMERSLACK, 1UL);
    std::string command_line = "anteroom";
    for (int i = 0; i < how.argc; ++i)
        command_line.append(" ").append(how.argv[i]);
    try {
        return run_bench(what, command_line);
    } catch (std::exception const& error) {
        report(error.what());
        return 2;
    }
}

}  // namespace anteroom
