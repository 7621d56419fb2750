#include "command_reference.hpp"

namespace anteroom {

std::vector<std::string> split_at(std::string_view text, std::string_view separator) {
    std::vector<std::string> out;
    for (;;) {
        auto const end = text.find(separator);
        out.emplace_back(text.substr(0, end));
        if (end == text.npos)
            return out;
        text.remove_prefix(end + separator.size());
    }
}

std::vector<std::string> argument::choices() const {
    return value.find('|') == value.npos ? std::vector<std::string>() : split_at(value, "|");
}

std::string joined_lines(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const is_space = c == '\n' || c == ' ';
        if (!is_space)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (out.ends_with(' '))
        out.pop_back();
    return out;
}

}  // namespace anteroom
