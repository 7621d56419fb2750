#include "terminal_text.hpp"

#include <anteroom/base/text.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

namespace anteroom {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct character {
    std::string_view bytes;  // empty: the first byte begins no character
    std::uint32_t code = 0;
};

character first_of(std::string_view text) noexcept {
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    auto const bytes = text.substr(0, size);
    if (!is_utf8(bytes))
        return {};
    std::uint32_t code = size == 1 ? lead : lead & (0x7FU >> size);
    for (char const c : bytes.substr(1))
        code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
    return {bytes, code};
}

bool is_control(std::uint32_t code) noexcept {
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

bool is_direction_mark(std::uint32_t code) noexcept {
    return code == 0x61C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string for_terminal(std::string_view text, std::string_view indent) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const [bytes, code] = first_of(text);
        bool const ends_line = code == '\r' && text.substr(1).starts_with('\n');
        if (code == '\n')
            out.append("\n").append(indent);
        else if (bytes.empty() || (is_control(code) && code != '\t' && !ends_line))
            out += replacement;
        else if (is_direction_mark(code))
            fmt::format_to(std::back_inserter(out), "‹U+{:04X}›", code);
        else if (!ends_line)
            out += bytes;
        text.remove_prefix(bytes.empty() ? 1 : bytes.size());
    }
    return out;
}

std::string json_for_terminal(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    while (!json.empty()) {
        auto const [bytes, code] = first_of(json);
        if (bytes.empty())
            out += replacement;
        else if (code == '\r')
            out += ' ';  // between values: a string has it escaped
        else if ((is_control(code) && code != '\t' && code != '\n') || is_direction_mark(code))
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
        else
            out += bytes;
        json.remove_prefix(bytes.empty() ? 1 : bytes.size());
    }
    return out;
}

}  // namespace anteroom
