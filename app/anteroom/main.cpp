// The executable: parses the command line and runs the command. Without a command, or with `serve`, it serves.
#include "commands.hpp"
#include "options.hpp"
#include "serve.hpp"

#include <cstdio>
#include <exception>
#include <string_view>

int main(int argc, char** argv) {
    try {
        std::string_view const word = argc > 1 ? argv[1] : "";
        for (auto const& [name, run] : anteroom::commands) {
            if (word == name)
                return run(argc - 1, argv + 1);
        }
        if (word == "serve") {
            --argc;
            ++argv;
        }
        auto const parsed = anteroom::read_options(argc, argv);
        if (auto const* code = std::get_if<int>(&parsed))
            return *code;
        return anteroom::serve(std::get<anteroom::settings>(parsed));
    } catch (std::exception const& error) {
        std::fprintf(stderr, "anteroom: %s\n", error.what());  // which cannot throw itself
    } catch (...) {
        std::fputs("anteroom: an exception of an unknown type\n", stderr);
    }
    return 2;
}
