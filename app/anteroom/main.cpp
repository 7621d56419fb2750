// The executable: parses the command line and runs the command. Without a command, or with `serve`, it serves.
#include "command_line.hpp"
#include "commands.hpp"
#include "options.hpp"
#include "serve.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <variant>

namespace anteroom {

namespace {

// `anteroom help` and `anteroom help COMMAND` are the same as with --help.
int print_help(char const* program, char const* about) {
    auto const* const which = find_command(about);
    char const* const arguments[] = {which != nullptr ? about : program, "--help"};
    if (which != nullptr)
        return which->run(2, arguments);
    return std::get<int>(read_options(2, arguments));
}

int unknown_command(std::string_view word) {
    std::string names = "serve";
    for (auto const& each : commands)
        names.append(", ").append(each.name);
    report(fmt::format("there is no command '{}'; there are {} (try --help)", word, names));
    return 2;
}

int run_command(int argc, char const* const* argv) {
    std::string_view const word = argc > 1 ? argv[1] : "";
    if (auto const* const which = find_command(word))
        return which->run(argc - 1, argv + 1);
    if (word == "help") {
        std::string_view const asked = argc > 2 ? argv[2] : "serve";
        bool const of_server = asked == "serve" || asked == "help" || asked.starts_with('-');
        if (!of_server && find_command(asked) == nullptr)
            return unknown_command(asked);
        return print_help(argv[0], of_server ? "serve" : argv[2]);
    }
    if (word == "serve") {
        --argc;
        ++argv;
    } else if (!word.empty() && !word.starts_with('-')) {
        return unknown_command(word);
    }
    auto const parsed = read_options(argc, argv);
    if (auto const* code = std::get_if<int>(&parsed))
        return *code;
    return serve(std::get<settings>(parsed));
}

}  // namespace

}  // namespace anteroom

int main(int argc, char** argv) {
    try {
        return anteroom::run_command(argc, argv);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "anteroom: %s\n", error.what());  // which cannot throw itself
    } catch (...) {
        std::fputs("anteroom: an exception of an unknown type\n", stderr);
    }
    return 2;
}
