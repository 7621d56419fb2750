#include "options.hpp"

#include "command_line.hpp"
#include "config_file.hpp"
#include "units.hpp"
#include <anteroom/guard/hosts.hpp>
#include <anteroom/handlers/assets.hpp>
#include <anteroom/net/network.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <thread>

namespace anteroom {

namespace {

std::string environment_name(std::string_view flag) {
    std::string name = "ANTEROOM_";
    for (char const c : flag)
        name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

/// Adds options, each of which is a flag, an environment variable and a line of the configuration file.
class option_table {
  public:
    explicit option_table(CLI::App& app) : app_(app) {}

    void value(std::string const& name, std::string const& type, std::string const& help,
               std::function<std::string(std::string const&)> set, std::string const& shown) {
        // CLI11 expects an exception for an invalid value; `set` returns an error message, empty if there is none.
        app_.add_option_function<std::string>(
                "--" + name,
                [name, set = std::move(set)](std::string const& text) {
                    if (auto const wrong = set(text); !wrong.empty())
                        throw CLI::ValidationError("--" + name, fmt::format("'{}' {}", text, wrong));
                },
                help)
            ->envname(environment_name(name))
            ->type_name(type)
            ->default_str(shown);
    }

    void duration(std::string const& name, milliseconds& into, std::string const& help, std::string const& shown,
                  milliseconds least = milliseconds(1)) {
        value(
            name, "TIME", help,
            [&into, least](std::string const& text) {
                auto const parsed = parse_duration(text);
                if (!parsed)
                    return std::string("is not a time; write 500ms, 10s, 5m, 24h or 7d");
                if (*parsed < least)
                    return fmt::format("is too short; at least {}ms", least.count());
                into = *parsed;
                return std::string();
            },
            shown);
    }

    template <class Number>
    void size(std::string const& name, Number& into, std::string const& help, std::string const& shown) {
        value(
            name, "SIZE", help,
            [&into](std::string const& text) {
                auto const parsed = parse_size(text);
                if (!parsed || *parsed == 0)
                    return std::string("is not a size; write 4096, 64K, 4M or 1G");
                into = *parsed;
                return std::string();
            },
            shown);
    }

    void count(std::string const& name, std::size_t& into, std::string const& help, std::size_t most,
               std::string const& shown) {
        value(
            name, "N", help,
            [&into, most](std::string const& text) {
                auto const parsed = parse_size(text);
                if (!parsed || *parsed == 0 || *parsed > most)
                    return fmt::format("is not a number from 1 to {}", most);
                into = *parsed;
                return std::string();
            },
            shown);
    }

    template <class Value>
    void choice(std::string const& name, Value& into, std::vector<std::pair<std::string, Value>> const& choices,
                std::string const& help, std::string const& shown) {
        std::string names;
        for (auto const& each : choices)
            names += (names.empty() ? "" : "|") + each.first;
        value(
            name, names, help,
            [&into, choices, names](std::string const& text) {
                for (auto const& [word, meaning] : choices) {
                    if (word == text) {
                        into = meaning;
                        return std::string();
                    }
                }
                return "is not one of " + names;
            },
            shown);
    }

  private:
    CLI::App& app_;
};

// CLI11 would let the file override the environment, and parses `[::1]:80` as a list. So the file is merged here into
// what neither flags nor environment have set: returns that, for the caller to apply.
std::vector<setting> merge_file(CLI::App& app, std::string const& path) {
    std::set<CLI::Option const*> set_already;
    for (auto const* option : app.get_options()) {
        if (option->count() > 0)
            set_already.insert(option);
    }
    std::vector<setting> used;
    for (auto& each : read_config_file(path)) {
        auto* const option = app.get_option_no_throw("--" + each.name);
        if (option == nullptr || each.name == "config" || each.name == "help" || each.name == "version")
            refuse_setting(path, each);
        if (set_already.contains(option))
            continue;
        // Several of a repeatable one, which people write with blanks.
        if (auto const delimiter = option->get_delimiter(); delimiter != '\0') {
            for (auto& part : CLI::detail::split(each.value, delimiter))
                option->add_result(CLI::detail::trim_copy(part));
        } else {
            option->add_result(each.value);
        }
        used.push_back(std::move(each));
    }
    return used;
}

// Where a text names this flag, and not a longer one that begins alike; npos if it does not.
std::size_t find_flag(std::string_view text, std::string_view flag) {
    for (auto at = text.find(flag); at != text.npos; at = text.find(flag, at + 1)) {
        auto const after = text.substr(at + flag.size());
        if (after.empty() || (after.front() != '-' && (after.front() < 'a' || after.front() > 'z')))
            return at;
    }
    return text.npos;
}

// What is wrong, with the line of the file if the setting is from there.
std::string describe(CLI::Error const& error, std::string const& path, std::vector<setting> const& from_file) {
    std::string text = error.what();
    std::replace(text.begin(), text.end(), '\n', ' ');
    setting const* found = nullptr;
    for (auto const& each : from_file) {
        if (find_flag(text, "--" + each.name) == text.npos)
            continue;
        // Of several lines the one whose value it quotes.
        if (found == nullptr || text.find(each.value) != text.npos)
            found = &each;
    }
    if (found == nullptr)
        return text + " (try --help)";
    auto const flag = "--" + found->name;
    text.replace(find_flag(text, flag), flag.size(), found->name);
    return fmt::format("{}, line {}: {}", path, found->line, text);
}

void check_origins(char const* option, std::vector<std::string> const& all) {
    for (auto const& origin : all) {
        if (!origins::is_origin(origin))
            throw CLI::ValidationError(option, fmt::format("'{}' is not scheme://host[:port] or *", origin));
    }
}

// As others on the network may call this machine; empty if it has no name.
std::string machine_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

}  // namespace

std::variant<settings, int> read_options(invocation const& how) {
    settings out;
    out.threads = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::string> addresses;
    std::string file;
    std::vector<setting> from_file;

    CLI::App app(
        "anteroom: publish and subscribe for web pages over HTTP: long polling, SSE, WebSocket. Without a flag it "
        "serves\n"
        "on http://127.0.0.1:8080/.",
        "anteroom");
    app.get_formatter()->column_width(34);
    app.footer(
        "Each flag can also be set in the environment (ANTEROOM_POLL_WAIT=20s) and in the file (poll-wait = 20s);\n"
        "flags win over the environment, and the environment over the file.\n"
        "Times take ms, s, m, h, d (a bare number is seconds); sizes take K, M, G (powers of 1024).\n"
        "\n" +
        list_of_commands() +
        "\n"
        "Example: anteroom --listen 127.0.0.1:8080 --history-messages 200 --history-age 1h");
    app.set_version_flag("--version", "anteroom " ANTEROOM_VERSION, "Print the version and exit");
    app.add_option("--config", file, "Read settings from a file")->envname("ANTEROOM_CONFIG")->type_name("FILE");
    app.add_option("--listen", addresses,
                   "Listen on host:port, [::1]:port or unix:PATH; repeatable; port 0 takes a free one")
        ->envname("ANTEROOM_LISTEN")
        ->type_name("ADDR")
        ->delimiter(',')
        ->take_all()
        ->default_str(std::string(default_address));

    option_table table(app);
    table.count("threads", out.threads, "Shards, one thread each", 1024, "one per core");
    table.count("history-messages", out.hub.history.messages, "Messages that a room keeps at most", 100'000'000,
                "1000");
    table.size("history-bytes", out.hub.history.bytes, "Bytes of messages that a room keeps at most", "4M");
    table.duration("history-age", out.hub.history.age, "How long a room keeps a message at most", "24h");
    table.size("memory", out.hub.memory,
               "Bytes of everything that clients can fill: messages, rooms, names, unread output", "1G");
    table.duration("poll-wait", out.api.poll_wait, "How long a poll waits unless it says otherwise", "25s");
    table.duration("poll-wait-max", out.api.poll_wait_max, "The longest wait a poll may ask for; more is reduced to it",
                   "120s");
    table.duration("keep-alive", out.api.keep_alive, "Interval of keep-alives on a stream without messages", "15s");
    table.duration("presence-lease", out.api.presence_lease, "How long a name stays present without a subscription",
                   "10s");
    table.duration("idempotency-window", out.api.idempotency_window, "How long an Idempotency-Key is remembered", "5m");
    table.size("max-body", out.http.max_body, "The longest message", "64K");
    table.duration("header-timeout", out.http.header_timeout, "Time for a request's head to arrive", "10s");
    table.duration("body-timeout", out.http.body_timeout, "Time for a request's body to arrive", "30s");
    table.duration("write-timeout", out.http.write_timeout, "Time for a client to accept more of a response", "30s");
    table.duration("idle-timeout", out.http.idle_timeout, "Time until the next request on a connection", "75s");
    table.duration("drain-timeout", out.drain_timeout, "Time for draining after SIGTERM", "10s", milliseconds(0));
    app.add_option("--allow-origin", out.api.allow_origins,
                   "Allow pages of another site (CORS): https://app.example, or * for any; repeatable")
        ->envname("ANTEROOM_ALLOW_ORIGIN")
        ->type_name("ORIGIN")
        ->delimiter(',')
        ->take_all();
    std::vector<std::string> frames;
    app.add_option(
           "--frame-ancestor", frames,
           "Allow pages of this origin to have the page in a frame: https://app.example, or * for any; repeatable")
        ->envname("ANTEROOM_FRAME_ANCESTOR")
        ->type_name("ORIGIN")
        ->delimiter(',')
        ->take_all();
    app.add_option("--host", out.api.hosts,
                   "Answer to this name, besides IP addresses, localhost and the machine's name: chat.example, "
                   "*.example.org, or * for any; repeatable")
        ->envname("ANTEROOM_HOST")
        ->type_name("NAME")
        ->delimiter(',')
        ->take_all();
    std::vector<std::string> proxies;
    app.add_option("--trust-proxy", proxies,
                   "Trust proxies at these addresses to set Forwarded and X-Forwarded-…: 10.0.0.0/8; repeatable")
        ->envname("ANTEROOM_TRUST_PROXY")
        ->type_name("CIDR")
        ->delimiter(',')
        ->take_all();
    app.add_flag("--allow-delete", out.api.allow_delete, "Allow anybody to delete a room's messages")
        ->envname("ANTEROOM_ALLOW_DELETE");
    app.add_flag("--websocket-deflate", out.api.websocket_deflate, "Compress messages for WebSockets that ask for it")
        ->envname("ANTEROOM_WEBSOCKET_DEFLATE");
    table.value(
        "web", "DIR", "Serve the page from a folder, for development",
        [&out](std::string const& text) {
            auto wrong = assets::why_unusable(text);
            if (!wrong.empty())
                return "is no folder that can be served: " + wrong;
            out.web = text;
            return std::string();
        },
        "built in");
    table.choice<log::level>("log-level", out.log_level,
                             {{"debug", log::level::debug},
                              {"info", log::level::info},
                              {"warning", log::level::warning},
                              {"error", log::level::error}},
                             "Minimum level of the log on stderr", "info");
    table.choice<log::format>("log-format", out.log_format, {{"text", log::format::text}, {"json", log::format::json}},
                              "Format of the log", "text");
    app.add_flag("--access-log", out.http.access_log, "Log every request")->envname("ANTEROOM_ACCESS_LOG");

    if (how.describe != nullptr) {
        *how.describe = read_reference(app);
        return 0;
    }
    try {
        app.parse(how.argc, how.argv);
        if (!file.empty()) {
            from_file = merge_file(app, file);
            std::set<CLI::Option*> given;
            for (auto const& each : from_file)
                given.insert(app.get_option("--" + each.name));
            for (auto* const option : given)
                option->run_callback();
        }
        for (auto const& text : addresses) {
            auto address = net::parse_address(text);
            if (!address)
                throw CLI::ValidationError("--listen",
                                           fmt::format("'{}' is not host:port, [::1]:port or unix:PATH", text));
            out.listen.push_back(std::move(*address));
        }
        check_origins("--allow-origin", out.api.allow_origins);
        check_origins("--frame-ancestor", frames);
        for (auto const& origin : frames) {
            // It becomes part of a policy.
            if (origin == "null" || origin.find_first_of("; \t\r\n'\"") != origin.npos)
                throw CLI::ValidationError("--frame-ancestor",
                                           fmt::format("'{}' cannot have a page in a frame", origin));
        }
        if (!frames.empty())
            out.api.frame_ancestors = fmt::format("{}", fmt::join(frames, " "));
        for (auto const& name : out.api.hosts) {
            if (!hosts::is_pattern(name))
                throw CLI::ValidationError("--host", fmt::format("'{}' is no host name, *.NAME or *", name));
        }
        if (auto name = machine_name(); hosts::is_pattern(name))
            out.api.hosts.push_back(std::move(name));
        for (auto const& text : proxies) {
            auto const parsed = net::network::parse(text);
            if (!parsed)
                throw CLI::ValidationError("--trust-proxy", fmt::format("'{}' is no address or ADDRESS/BITS", text));
            out.api.trust_proxies.push_back(*parsed);
        }
        out.api.max_body = out.http.max_body;
        out.api.body_timeout = out.http.body_timeout;
        out.api.poll_wait = std::min(out.api.poll_wait, out.api.poll_wait_max);
    } catch (CLI::Success const& done) {
        return print_help(app, done);
    } catch (CLI::Error const& error) {
        fmt::print(stderr, "anteroom: {}\n", describe(error, file, from_file));
        return 2;
    }
    return out;
}

}  // namespace anteroom
