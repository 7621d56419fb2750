// The commands: `anteroom serve`, `publish`, `subscribe`, `chat`, `rooms`, `health`, `bench` and `help`.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace anteroom {

struct command_reference;

/// How a command is called.
struct invocation {
    int argc = 0;
    char const* const* argv = nullptr;  ///< its arguments; the first is its name
    /// If this is not null, the command only says here what it takes, and runs nothing.
    command_reference* describe = nullptr;
};

// Each returns the exit code: 0, 1 if it failed, 2 for a usage error; the error is one line on stderr.
int serve_command(invocation how);
int publish_command(invocation how);
int subscribe_command(invocation how);
int chat_command(invocation how);
int rooms_command(invocation how);
int health_command(invocation how);
int bench_command(invocation how);
int help_command(invocation how);

struct command {
    std::string_view name;
    int (*run)(invocation);
    std::string_view about;
};

inline constexpr std::array<command, 8> commands = {{
    {"serve", serve_command, "serve, as without a command"},
    {"publish", publish_command, "publish messages to a room"},
    {"subscribe", subscribe_command, "print the messages of rooms as they come"},
    {"chat", chat_command, "talk in a room"},
    {"rooms", rooms_command, "list the rooms in use"},
    {"health", health_command, "check that a server is ready, for scripts and containers"},
    {"bench", bench_command, "put a server under load, check every delivery, and measure it"},
    {"help", help_command, "print the help of a command, its man page, or completions for a shell"},
}};

/// The command of that name, or null.
inline command const* find_command(std::string_view name) noexcept {
    auto const* const found =
        std::find_if(commands.begin(), commands.end(), [&](command const& each) { return each.name == name; });
    return found == commands.end() ? nullptr : found;
}

}  // namespace anteroom
