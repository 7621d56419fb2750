// The executable: parses the command line and runs the command. Without a command, or with `serve`, it serves.
#include "command_line.hpp"

#include <cstdio>
#include <exception>
#include <string_view>

namespace anteroom {

namespace {

int run_command(int argc, char const* const* argv) {
    std::string_view const word = argc > 1 ? argv[1] : "";
    if (word.empty() || word.starts_with('-'))
        return serve_command({.argc = argc, .argv = argv});
    if (auto const* const which = find_command(word))
        return which->run({.argc = argc - 1, .argv = argv + 1});
    return unknown_command(word);
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
