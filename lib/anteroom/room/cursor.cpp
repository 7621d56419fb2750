#include <anteroom/base/text.hpp>
#include <anteroom/room/cursor.hpp>

#include <charconv>

namespace anteroom {

void append(std::string& out, cursor at) {
    if (at.is_origin()) {
        out.push_back('0');
        return;
    }
    append_base36(out, at.epoch);
    char number[21] = {'-'};
    out.append(number, std::to_chars(number + 1, number + sizeof number, at.number).ptr);
}

std::string to_string(cursor at) {
    std::string out;
    append(out, at);
    return out;
}

std::optional<cursor> parse_cursor(std::string_view text) noexcept {
    if (text.size() == 1 && text.front() == '0')
        return cursor{};
    auto const dash = text.find('-');
    if (dash == text.npos)
        return std::nullopt;
    auto const epoch = parse_base36(text.substr(0, dash));
    auto const number = parse_decimal(text.substr(dash + 1));
    if (!epoch || *epoch == 0 || !number)
        return std::nullopt;
    return cursor{*epoch, *number};
}

}  // namespace anteroom
