// What the commands that are clients have in common.
#pragma once

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

/// A flag whose text `set` takes, or throws CLI::ValidationError for.
void add_text(CLI::App& app, std::string const& name, std::function<void(std::string const&)> const& set,
              std::string const& help, std::string const& type, std::string const& shown);

/// A flag that takes one of some words; the value that `into` has is the first of them.
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

/// Reads the arguments; an exit code where all is said and done (--help), or wrong (2, after a line on stderr).
std::optional<int> parse(CLI::App& app, int argc, char const* const* argv);

/// Says on stderr what is wrong with the arguments, and returns 2.
int misused(CLI::App const& app, std::string_view what);

/// Says on stderr what went wrong, and returns 2 where an argument is to blame, else 1.
int failed(CLI::App const& app, client::error const& why);

/// A line on stderr.
void say(std::string_view text);

/// How long until the next try, for people.
std::string in_words(std::chrono::milliseconds wait);

/// Runs one coroutine to its end.
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
