// The executable: reads what it is asked for, and does it.
#include "options.hpp"
#include "serve.hpp"

#include <fmt/format.h>

#include <exception>

int main(int argc, char** argv) {
    try {
        auto const asked = anteroom::read_options(argc, argv);
        if (auto const* code = std::get_if<int>(&asked))
            return *code;
        return anteroom::serve(std::get<anteroom::settings>(asked));
    } catch (std::exception const& error) {
        fmt::print(stderr, "anteroom: {}\n", error.what());
        return 2;
    }
}
