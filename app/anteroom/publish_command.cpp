// `anteroom publish`: publishes a text, standard input, or every line of standard input.
#include "command_line.hpp"
#include "units.hpp"
#include <anteroom/client/publisher.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <iterator>

namespace anteroom {

namespace {

struct publish_options {
    std::string url;
    std::string room;
    std::optional<std::string> text;
    std::string as;
    std::string key;
    std::string retry = "3s";
    bool json = false;
    bool lines = false;
};

class publish_session {
  public:
    publish_session(CLI::App const& app, publish_options const& what, std::chrono::milliseconds retry_timeout)
        : app_(app), what_(what), publisher_(io_.get_executor(), what.url, options(what, retry_timeout)) {}

    /// The exit code.
    int publish(std::string data, std::string key) {
        auto draft = what_.json ? client::draft::json(std::move(data)) : client::draft(std::move(data));
        draft.key(std::move(key));
        auto const done = run(io_, publisher_.publish(what_.room, std::move(draft)));
        if (!done)
            return report_failure(app_, done.error());
        for (auto const& id : done->ids) {
            if (int const code = print_out(id + "\n"); code != 0)
                return code;
        }
        return 0;
    }

    int publish_lines() {
        std::string line;
        for (std::uint64_t number = 1; std::getline(std::cin, line); ++number) {
            if (line.ends_with('\r'))
                line.pop_back();
            if (line.empty())
                continue;
            // Publishing the same input again with the same key publishes nothing twice.
            auto key = what_.key.empty() ? std::string() : fmt::format("{}-{}", what_.key, number);
            if (int const code = publish(line, std::move(key)); code != 0)
                return code;
        }
        return 0;
    }

  private:
    static client::publisher_options options(publish_options const& what, std::chrono::milliseconds retry_timeout) {
        client::publisher_options out;
        out.as = what.as;
        out.retry_timeout = retry_timeout;
        return out;
    }

    CLI::App const& app_;
    publish_options const& what_;
    boost::asio::io_context io_{1};
    client::publisher publisher_;
};

std::string all_input() {
    std::string out{std::istreambuf_iterator<char>(std::cin), {}};
    // The newline at the end is not part of the message.
    if (out.ends_with('\n'))
        out.pop_back();
    return out;
}

}  // namespace

int publish_command(invocation how) {
    std::signal(SIGPIPE, SIG_IGN);
    publish_options what;
    CLI::App app(
        "Publishes a message and prints its id. The text comes from the command line, or from standard input\n"
        "if it is - or missing: all of it as one message (without its last newline).",
        "anteroom publish");
    app.add_option("ROOM", what.room, "The room")->required()->type_name("");
    app.add_option("TEXT", what.text, "The message; - for standard input")->type_name("");
    app.add_option("--as", what.as, "The name that the message is from")->type_name("NAME");
    app.add_flag("--json", what.json, "The message is JSON");
    app.add_flag("--lines", what.lines, "Publish each line of standard input as it arrives; empty lines are skipped");
    app.add_option("--key", what.key,
                   "An idempotency key: a message with the same key is not published again, for some minutes.\n"
                   "With --lines, the key of line 7 is KEY-7")
        ->type_name("KEY");
    app.add_option("--retry", what.retry, "How long to retry while there is no server")
        ->type_name("TIME")
        ->default_str("3s");
    add_url(app, what.url);
    app.footer(
        "Examples: anteroom publish kitchen 'dinner is ready' --as ann\n"
        "          tail -f app.log | anteroom publish logs --lines");
    if (auto const code = parse(app, how))
        return *code;
    auto const retry = parse_duration(what.retry);
    if (!retry)
        return usage_error(app, fmt::format("--retry: '{}' is not a time; write 500ms, 10s or 5m", what.retry));
    bool const from_input = !what.text || *what.text == "-";
    if (what.lines && !from_input)
        return usage_error(app, "--lines reads standard input: leave out the text");
    if (!what.text && ::isatty(STDIN_FILENO) != 0)
        return usage_error(app, "no message: give a text, or - to read it from standard input");

    publish_session session(app, what, *retry);
    if (what.lines)
        return session.publish_lines();
    return session.publish(from_input ? all_input() : *what.text, what.key);
}

}  // namespace anteroom
