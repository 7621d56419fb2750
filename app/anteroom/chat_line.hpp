// What is typed into a chat: a message, or a command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

struct chat_line {
    enum class kind {
        nothing,
        message,
        help,
        who,
        join,
        name,
        quit,
        invalid,  ///< looks like a command and is none, or lacks something: not to be sent
    };

    kind what = kind::nothing;
    std::string text;  ///< the message, the argument of the command, or what is wrong
};

/// A line that begins with `/` is a command; one that begins with `//` is a message that begins with `/`.
chat_line parse_chat_line(std::string_view typed);

/// The commands, a line each.
std::vector<std::string> chat_help();

/// What the text before the cursor may be continued to: a command at the start of a line, elsewhere one of the names.
std::vector<std::string> complete_chat_line(std::string_view before, std::vector<std::string> const& names);

}  // namespace anteroom
