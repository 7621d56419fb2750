#include "completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace anteroom {

namespace {

enum class value_kind { none, any, choices, files, folders, commands };

value_kind values_of(argument const& of) {
    if (!of.has_name())
        return of.names.front() == "COMMAND" ? value_kind::commands : value_kind::any;
    if (of.value.empty())
        return value_kind::none;
    if (!of.choices().empty())
        return value_kind::choices;
    return of.value.starts_with("FILE") ? value_kind::files : of.value == "DIR" ? value_kind::folders : value_kind::any;
}

std::string words_of(std::span<command_reference const> all, std::string_view between) {
    std::string out;
    for (auto const& each : all)
        out.append(out.empty() ? "" : between).append(each.word);
    return out;
}

/// With a backslash before each of these characters.
std::string with_backslashes(std::string_view text, std::string_view before) {
    std::string out;
    for (char const c : text) {
        if (before.find(c) != before.npos)
            out += '\\';
        out += c;
    }
    return out;
}

// bash

std::string bash_words_of_command(command_reference const& of) {
    std::vector<std::string> flags;
    for (auto const& each : of.arguments) {
        if (each.has_name())
            flags.insert(flags.end(), each.names.begin(), each.names.end());
    }
    return fmt::format("        {}) words='{}' ;;\n", of.word, fmt::join(flags, " "));
}

std::string bash_values(std::string_view command, argument const& of) {
    std::string patterns;
    for (auto const& name : of.names)
        patterns += fmt::format("{}'{} {}'", patterns.empty() ? "" : " | ", command, name);
    switch (values_of(of)) {
        case value_kind::choices:
            return fmt::format("        {}) words='{}' ;;\n", patterns, fmt::join(of.choices(), " "));
        case value_kind::files:
            return fmt::format("        {}) kind=-f ;;\n", patterns);
        case value_kind::folders:
            return fmt::format("        {}) kind=-d ;;\n", patterns);
        default:
            return fmt::format("        {}) return ;;\n", patterns);
    }
}

// zsh

std::string zsh_quoted(std::string_view text) {
    std::string out = "'";
    for (char const c : text)
        c == '\'' ? out += "'\\''" : out += c;
    return out + "'";
}

std::string zsh_action(argument const& of, std::span<command_reference const> all) {
    switch (values_of(of)) {
        case value_kind::choices:
            return fmt::format("({})", fmt::join(of.choices(), " "));
        case value_kind::files:
            return "_files";
        case value_kind::folders:
            return "_files -/";
        case value_kind::commands:
            return fmt::format("({})", words_of(all, " "));
        default:
            return " ";
    }
}

std::string zsh_argument(argument const& of, std::span<command_reference const> all) {
    auto const about = with_backslashes(joined_lines(of.about), "[]:\\");
    auto const action = zsh_action(of, all);
    if (!of.has_name())
        return zsh_quoted(fmt::format("{}:{}:{}",
                                      of.repeatable ? "*"
                                      : of.required ? ""
                                                    : ":",
                                      of.names.front(), action));
    auto const label = of.choices().empty() ? of.value : std::string("choice");
    auto const takes = of.value.empty() ? std::string() : fmt::format(":{}:{}", label, action);
    std::string out;
    for (auto const& name : of.names) {
        auto const others = of.repeatable ? "*" : fmt::format("({})", fmt::join(of.names, " "));
        auto const spec = fmt::format("{}{}{}[{}]{}", others, name, of.value.empty() ? "" : "=", about, takes);
        out.append(out.empty() ? "" : " ").append(zsh_quoted(spec));
    }
    return out;
}

// fish

std::string fish_commands(std::string_view where, std::span<command_reference const> all) {
    std::string out;
    for (auto const& each : all)
        out += fmt::format("complete -c anteroom -n '{}' -x -a {} -d '{}'\n", where, each.word,
                           with_backslashes(each.summary, "'\\"));
    return out;
}

std::string fish_argument(std::string_view command, argument const& of, std::span<command_reference const> all) {
    auto const where = fmt::format("__anteroom_is {}", command);
    auto out = fmt::format("complete -c anteroom -n '{}'", where);
    for (auto const& name : of.names) {
        if (of.has_name())
            out +=
                name.starts_with("--") ? fmt::format(" -l {}", name.substr(2)) : fmt::format(" -s {}", name.substr(1));
    }
    switch (values_of(of)) {
        case value_kind::none:
            break;
        case value_kind::any:
            out += " -x";
            break;
        case value_kind::choices:
            out += fmt::format(" -x -a '{}'", fmt::join(of.choices(), " "));
            break;
        case value_kind::files:
            out += " -r -F";
            break;
        case value_kind::folders:
            out += " -x -a '(__fish_complete_directories)'";
            break;
        case value_kind::commands:
            return fish_commands(where, all);
    }
    return out + fmt::format(" -d '{}'\n", with_backslashes(joined_lines(of.about), "'\\"));
}

}  // namespace

std::string bash_completion(std::span<command_reference const> all) {
    std::string values;
    std::string flags;
    for (auto const& command : all) {
        for (auto const& each : command.arguments) {
            if (each.has_name() && values_of(each) != value_kind::none)
                values += bash_values(command.word, each);
        }
        flags += bash_words_of_command(command);
    }
    return fmt::format(R"(# Completions of anteroom for bash, as `anteroom help --completion bash` prints them.
_anteroom() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} command=serve words= kind=
    COMPREPLY=()
    # bash takes --form=raw for three words.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]] && ((COMP_CWORD > 2)); then
        before=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    if ((COMP_CWORD > 1)); then
        case ${{COMP_WORDS[1]}} in
            {0}) command=${{COMP_WORDS[1]}} ;;
        esac
    fi
    case "$command $before" in
{1}    esac
    if [[ $kind ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen "$kind" -- "$word")
        return
    fi
    if [[ ! $words ]]; then
        if [[ $word == -* ]]; then
            case $command in
{2}            esac
        elif ((COMP_CWORD == 1)) || [[ $command == help ]]; then
            words='{3}'
        fi
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}}
complete -F _anteroom anteroom
)",
                       words_of(all, " | "), values, flags, words_of(all, " "));
}

std::string zsh_completion(std::span<command_reference const> all) {
    std::string summaries;
    std::string cases;
    for (auto const& command : all) {
        summaries += fmt::format("        {}\n", zsh_quoted(fmt::format("{}:{}", command.word, command.summary)));
        cases += fmt::format("        {})\n            _arguments -s", command.word);
        for (auto const& each : command.arguments)
            cases += fmt::format(" \\\n                {}", zsh_argument(each, all));
        cases += "\n            ;;\n";
    }
    return fmt::format(R"(#compdef anteroom
# Completions of anteroom for zsh, as `anteroom help --completion zsh` prints them.
_anteroom() {{
    local command=serve
    local -a commands=(
{0}    )
    if ((CURRENT == 2)) && [[ ${{words[2]}} != -* ]]; then
        _describe -t commands command commands
        return
    fi
    case ${{words[2]}} in
        {1})
            command=${{words[2]}}
            shift words
            ((CURRENT--))
            ;;
    esac
    case $command in
{2}    esac
}}
if [[ ${{funcstack[1]}} == _anteroom ]]; then
    _anteroom "$@"
else
    compdef _anteroom anteroom
fi
)",
                       summaries, words_of(all, " | "), cases);
}

std::string fish_completion(std::span<command_reference const> all) {
    auto out = fmt::format(R"(# Completions of anteroom for fish, as `anteroom help --completion fish` prints them.
function __anteroom_is
    set -l words (commandline -opc)
    set -l command serve
    contains -- "$words[2]" {0}
    and set command $words[2]
    test $command = $argv[1]
end
complete -c anteroom -f
)",
                           words_of(all, " "));
    out += fish_commands("test (count (commandline -opc)) -eq 1", all);
    for (auto const& command : all) {
        for (auto const& each : command.arguments) {
            // Of an argument without a name there is nothing to say unless it is one of some words.
            if (each.has_name() || values_of(each) == value_kind::commands)
                out += fish_argument(command.word, each, all);
        }
    }
    return out;
}

std::string (*find_completion(std::string_view shell) noexcept)(std::span<command_reference const>) {
    if (shell == "bash")
        return bash_completion;
    if (shell == "zsh")
        return zsh_completion;
    return shell == "fish" ? fish_completion : nullptr;
}

}  // namespace anteroom
