#include "chat_line.hpp"

#include <anteroom/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace anteroom {

namespace {

struct chat_command_word {
    std::string_view word;
    std::string_view argument;
    chat_line::kind what;
    std::string_view about;
};

constexpr std::array<chat_command_word, 5> words = {{
    {"/help", "", chat_line::kind::help, "list the commands"},
    {"/who", "", chat_line::kind::who, "list who is here"},
    {"/join", "ROOM", chat_line::kind::join, "go to another room"},
    {"/name", "NAME", chat_line::kind::name, "take another name"},
    {"/quit", "", chat_line::kind::quit, "leave, as does Ctrl-D"},
}};

chat_line invalid(std::string why) {
    return {chat_line::kind::invalid, std::move(why)};
}

chat_line parse_command(std::string_view text) {
    auto const end = text.find_first_of(" \t");
    auto const word = text.substr(0, end);
    auto const argument = end == text.npos ? std::string_view() : trim(text.substr(end));
    auto const* const found =
        std::ranges::find_if(words, [&](chat_command_word const& each) { return iequals(each.word, word); });
    if (found == words.end())
        return invalid(fmt::format("there is no command {}; /help lists them, and / before it sends the line", word));
    if (found->argument.empty() && !argument.empty())
        return invalid(fmt::format("{} stands alone; / before it sends the line", found->word));
    if (argument.empty() && !found->argument.empty())
        return invalid(fmt::format("write {} {}", found->word, found->argument));
    return {found->what, std::string(argument)};
}

}  // namespace

chat_line parse_chat_line(std::string_view typed) {
    auto const text = trim(typed);
    if (text.empty())
        return {};
    if (text.starts_with("//"))
        return {chat_line::kind::message, std::string(text.substr(1))};
    if (text.starts_with('/'))
        return parse_command(text);
    return {chat_line::kind::message, std::string(typed)};
}

std::vector<std::string> chat_help() {
    std::vector<std::string> out;
    out.reserve(words.size() + 1);
    for (auto const& each : words)
        out.push_back(fmt::format("{:<12} {}", fmt::format("{} {}", each.word, each.argument), each.about));
    out.push_back(fmt::format("{:<12} {}", "//text", "send /text"));
    return out;
}

std::vector<std::string> complete_chat_line(std::string_view before, std::vector<std::string> const& names) {
    std::vector<std::string> out;
    if (before.starts_with('/') && before.find(' ') == before.npos) {
        for (auto const& each : words) {
            if (each.word.starts_with(before))
                out.push_back(fmt::format("{}{}", each.word, each.argument.empty() ? "" : " "));
        }
        return out;
    }
    auto const space = before.rfind(' ');
    auto start = space == before.npos ? 0 : space + 1;
    if (before.substr(start).starts_with('@'))
        ++start;
    for (auto const& name : names) {
        if (start < before.size() && name.starts_with(before.substr(start)))
            out.push_back(fmt::format("{}{} ", before.substr(0, start), name));
    }
    return out;
}

}  // namespace anteroom
