// `anteroom help`: what commands take, for people, `man` and shells.
#include "command_line.hpp"
#include "completion.hpp"
#include "man_page.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>

namespace anteroom {

namespace {

// In the order of --help.
std::vector<command_reference> all_references() {
    std::vector<command_reference> out;
    for (auto const& each : commands) {
        command_reference read;
        each.run({.describe = &read});
        read.word = each.name;
        read.summary = each.about;
        out.push_back(std::move(read));
    }
    return out;
}

int print_man_page(std::string_view word) {
    auto const all = all_references();
    for (auto const& each : all) {
        if (each.word == word)
            return print_out(man_page(each, all, ANTEROOM_VERSION, ANTEROOM_DATE));
    }
    return 0;
}

}  // namespace

int help_command(invocation how) {
    std::signal(SIGPIPE, SIG_IGN);
    std::string about = "serve";
    std::string shell;
    bool man = false;
    CLI::App app(
        "Prints the help of a command, as its --help does; without one, the help of the server with the list of "
        "commands.",
        "anteroom help");
    app.add_option("COMMAND", about, "The command")->type_name("");
    app.add_flag("--man", man, "Print its man page instead");
    auto const* const completion =
        app.add_option("--completion", shell, "Print completions of all commands for a shell instead")
            ->type_name("bash|zsh|fish");
    app.footer(
        "Examples: anteroom help subscribe\n"
        "          anteroom help --man chat | man -l -\n"
        "          source <(anteroom help --completion bash)");
    if (auto const code = parse(app, how))
        return *code;
    auto const* const which = find_command(about);
    if (which == nullptr)
        return unknown_command(about);
    if (completion->count() > 0) {
        auto const write = find_completion(shell);
        if (write == nullptr)
            return usage_error(app, fmt::format("--completion: '{}' is not one of bash|zsh|fish", shell));
        return print_out(write(all_references()));
    }
    if (man)
        return print_man_page(about);
    std::array<char const*, 2> const arguments{about.c_str(), "--help"};
    return which->run({.argc = 2, .argv = arguments.data()});
}

}  // namespace anteroom
