// The commands that are clients: `anteroom publish`, `subscribe`, `chat`, `rooms` and `bench`.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace anteroom {

// Each takes its own arguments (the first is its name) and returns the exit code: 0, 1 if it failed, 2 for a usage
// error; the error is one line on stderr.
int publish_command(int argc, char const* const* argv);
int subscribe_command(int argc, char const* const* argv);
int chat_command(int argc, char const* const* argv);
int rooms_command(int argc, char const* const* argv);
int bench_command(int argc, char const* const* argv);

struct command {
    std::string_view name;
    int (*run)(int, char const* const*);
    std::string_view about;
};

inline constexpr std::array<command, 5> commands = {{
    {"publish", publish_command, "publish messages to a room"},
    {"subscribe", subscribe_command, "print the messages of rooms as they come"},
    {"chat", chat_command, "talk in a room"},
    {"rooms", rooms_command, "list the rooms in use"},
    {"bench", bench_command, "put a server under load, check every delivery, and measure it"},
}};

/// The command of that name, or null.
inline command const* find_command(std::string_view name) noexcept {
    auto const* const found =
        std::find_if(commands.begin(), commands.end(), [&](command const& each) { return each.name == name; });
    return found == commands.end() ? nullptr : found;
}

}  // namespace anteroom
