// What a command takes, as data: read from its definition for CLI11, which also makes its --help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// An option, or an argument without a name.
struct argument {
    std::vector<std::string> names;  ///< `-h` and `--help`; or `ROOM` alone, where it is recognised by its place
    std::string value;               ///< the type of its value: `NAME`, or the choices, `text|json`; empty: it has none
    std::string initial;             ///< what it is unless given; empty: nothing
    std::string environment;         ///< the variable that can set it too; empty: none
    std::string about;               ///< as in --help; may have line breaks
    bool required = false;
    bool repeatable = false;

    bool has_name() const { return names.front().starts_with('-'); }
    /// The values to choose from; empty if it is not a choice.
    std::vector<std::string> choices() const;
};

struct command_reference {
    std::string word;                   ///< that calls it: `subscribe`
    std::string summary;                ///< a few words
    std::string name;                   ///< with the program's: `anteroom subscribe`; the server's is `anteroom`
    std::string about;                  ///< sentences
    std::vector<std::string> notes;     ///< paragraphs
    std::vector<std::string> examples;  ///< lines for a shell
    std::vector<argument> arguments;
};

/// The parts of a text between separators.
std::vector<std::string> split_at(std::string_view text, std::string_view separator);

/// Words separated by one space each, on one line.
std::string joined_lines(std::string_view text);

}  // namespace anteroom
