// The commands that are clients: `anteroom publish`, `subscribe`, `chat`, `rooms` and `bench`.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace anteroom {

// Each takes its own arguments (the first is its name) and returns the exit code: 0, 1 if it failed, 2 for a usage
// error; the error is one line on stderr.
int publish_command(int argc, char const* const* argv);
int subscribe_command(int argc, char const* const* argv);
int chat_command(int argc, char const* const* argv);
int rooms_command(int argc, char const* const* argv);
int bench_command(int argc, char const* const* argv);

using command = int (*)(int, char const* const*);

inline constexpr std::array<std::pair<std::string_view, command>, 5> commands = {{
    {"publish", publish_command},
    {"subscribe", subscribe_command},
    {"chat", chat_command},
    {"rooms", rooms_command},
    {"bench", bench_command},
}};

}  // namespace anteroom
