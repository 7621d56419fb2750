// anteroom_load: puts rooms of subscribers on a server, checks every delivery and measures what it costs.
#include "body.hpp"
#include "report.hpp"
#include "scenario.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <map>
#include <string>

namespace {

using namespace anteroom::bench;

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

template <class Value>
void add_choice(CLI::App& app, std::string const& flag, Value& value, std::map<std::string, Value> const& names,
                std::string const& what) {
    std::string all;
    for (auto const& [name, meaning] : names) {
        all += (all.empty() ? "" : "|") + name;
    }
    app.add_option(flag, value, what)->transform(CLI::CheckedTransformer(names))->option_text(all);
}

void add_count(CLI::App& app, std::string const& flag, std::size_t& value, std::string const& what,
               std::size_t least = 1, std::size_t most = 1'000'000) {
    app.add_option(flag, value, what)
        ->check(CLI::Range(least, most))
        ->option_text(value == 0 ? "N" : fmt::format("N={}", value));
}

void add_seconds(CLI::App& app, std::string const& flag, double& value, std::string const& what) {
    app.add_option(flag, value, what)->check(CLI::Range(0.0, 86'400.0))->option_text(fmt::format("SECONDS={}", value));
}

void add_flags(CLI::App& app, load_options& options) {
    app.add_option("--target", options.target, "the server, http://IPV4:PORT")->option_text("URL=" + options.target);
    app.add_option("--pid", options.pid, "the server's process: measure it and its children")->option_text("N");
    add_choice<dialect_kind>(app, "--dialect", options.dialect,
                             {{"anteroom", dialect_kind::anteroom}, {"nchan", dialect_kind::nchan}},
                             "what the server speaks: anteroom unless given");
    add_choice<load_mode>(app, "--mode", options.mode,
                          {{"closed", load_mode::closed}, {"open", load_mode::open}, {"idle", load_mode::idle}},
                          "closed unless given: the next message when all have the last. open: at --rate. "
                          "idle: the memory of waiting subscribers");
    add_choice<transport_kind>(
        app, "--transport", options.transport,
        {{"poll", transport_kind::poll}, {"sse", transport_kind::sse}, {"websocket", transport_kind::websocket}},
        "of the subscribers: poll unless given. Publishers always POST");
    add_choice<header_kind>(app, "--headers", options.headers,
                            {{"small", header_kind::plain}, {"browser", header_kind::browser}},
                            "of each request: a few unless given, or about 600 bytes as browsers send");
    add_count(app, "--rooms", options.rooms, "rooms");
    add_count(app, "--subs", options.subscribers, "subscribers of each room");
    add_count(
        app, "--together", options.together,
        "rooms that each subscriber follows at once: --rooms N --together N --subs M is M subscribers of N rooms");
    add_count(app, "--stalled", options.stalled,
              "more subscribers, in all rooms together, whose streams stay unread until what is measured is over", 0);
    add_count(app, "--publishers", options.publishers,
              "connections that publish: one a room, at most 1000, unless given");
    add_count(app, "--pipeline", options.pipeline, "publishes under way on one connection");
    add_count(app, "--size", options.body_bytes, "bytes of a message", message_body::least_bytes, 1U << 20);
    add_count(app, "--burst", options.burst, "open: messages that come due together");
    app.add_option("--rate", options.rate, "open: messages a second, all rooms together")
        ->check(CLI::Range(0.001, 1e7))
        ->option_text(fmt::format("N={}", options.rate));
    app.add_option("--wait", options.wait, "seconds that a poll asks to hang: the server's choice unless given")
        ->check(CLI::Range(1, 3600))
        ->option_text("SECONDS");
    add_seconds(app, "--warm-up", options.warm_up, "before measuring");
    add_seconds(app, "--seconds", options.seconds, "measured");
    add_seconds(app, "--stall", options.stall, "without progress that fail the run");
}

}  // namespace

int main(int count, char** arguments) {
    CLI::App app(
        "Puts rooms of subscribers on a server, by long poll, SSE or WebSocket, checks that each gets every message "
        "once and in order, "
        "and measures latency, CPU and memory.\nExit code: 0 sound, 1 messages lost, repeated, reordered or the run "
        "broken, 2 wrong use or no server.");
    load_options options;
    bool json = false;
    add_flags(app, options);
    app.add_flag("--json", json, "print one line of JSON");
    try {
        app.parse(count, arguments);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (options.rooms % options.together != 0) {
        fmt::print(stderr, "anteroom_load: --rooms must be a multiple of --together\n");
        return 2;
    }
    if (options.stalled != 0 && options.transport == transport_kind::poll) {
        fmt::print(stderr, "anteroom_load: --stalled needs --transport sse or websocket\n");
        return 2;
    }
    raise_descriptor_limit();
    ::prctl(PR_SET_TIMERSLACK, 1UL);
    try {
        auto const result = run_load(options);
        fmt::print("{}\n", json ? to_json(options, result) : to_text(options, result));
        return result.sound() ? 0 : 1;
    } catch (std::exception const& error) {
        fmt::print(stderr, "anteroom_load: {}\n", error.what());
        return 2;
    }
}
