// What the commands share: arguments, errors, and running one coroutine.
#pragma once

#include "command_reference.hpp"
#include "commands.hpp"
#include <anteroom/client/error.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom {

/// `--url`, which is also ANTEROOM_URL.
void add_url(CLI::App& app, std::string& into);

/// A flag whose text is passed to `set`, which throws CLI::ValidationError if it is not valid.
void add_text(CLI::App& app, std::string const& name, std::function<void(std::string const&)> const& set,
              std::string const& help, std::string const& type, std::string const& shown);

/// A flag that takes one of these words; the initial value of `into` must be the first of them.
template <class Value>
void add_choice(CLI::App& app, std::string const& name, Value& into, std::vector<std::pair<std::string, Value>> choices,
                std::string const& help) {
    std::string words;
    for (auto const& each : choices)
        words += (words.empty() ? "" : "|") + each.first;
    auto const first = choices.front().first;
    auto const set = [&into, name, words, choices = std::move(choices)](std::string const& text) {
        for (auto const& [word, meaning] : choices) {
            if (word == text) {
                into = meaning;
                return;
            }
        }
        throw CLI::ValidationError(name, "'" + text + "' is not one of " + words);
    };
    add_text(app, name, set, help, words, first);
}

/// Parses the arguments; returns an exit code if nothing is left to do (--help, or the command is only to describe
/// itself), or if they are invalid (2, after a line on stderr).
std::optional<int> parse(CLI::App& app, invocation const& how);

/// Prints what --help or --version asks for; returns the exit code.
int print_help(CLI::App const& app, CLI::Success const& asked);

/// What a command takes, read from its definition; `word` and `summary` stay empty.
command_reference read_reference(CLI::App const& app);

/// Reports a usage error on stderr, and returns 2.
int usage_error(CLI::App const& app, std::string_view what);

/// Reports on stderr that there is no such command, and returns 2.
int unknown_command(std::string_view word);

/// Reports an error on stderr, and returns 2 if an argument caused it, else 1.
int report_failure(CLI::App const& app, client::error const& why);

/// Writes a line to stderr, whatever is in the text.
void report(std::string_view text);

/// Writes to stdout; returns the exit code: 1, with the reason on stderr, if that failed, but not where nobody reads
/// it.
int print_out(std::string_view text);

/// The commands with what each does, for --help.
std::string list_of_commands();

/// A duration in seconds, for people: `0.3 s`.
std::string format_seconds(std::chrono::milliseconds wait);

/// Runs one coroutine to completion; rethrows its exception.
template <class T>
T run(boost::asio::io_context& io, boost::asio::awaitable<T> what) {
    std::optional<T> out;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(what), [&](std::exception_ptr const& error, T got) {
        thrown = error;
        out = std::move(got);
    });
    io.restart();
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return std::move(*out);
}

}  // namespace anteroom
