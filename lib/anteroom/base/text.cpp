#include <anteroom/base/text.hpp>
#include <anteroom/base/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace anteroom {

namespace {

using byte = unsigned char;

constexpr bool is_continuation(byte b) noexcept {
    return (b & 0xC0U) == 0x80U;
}

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
    utf8_validator all;
    return all.write(bytes) && all.is_whole();
}

bool has_control_character(std::string_view utf8) noexcept {
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        auto const b = static_cast<byte>(utf8[i]);
        if (b < 0x20 || b == 0x7F)
            return true;
        if (b == 0xC2 && i + 1 < utf8.size() && static_cast<byte>(utf8[i + 1]) < 0xA0)
            return true;
    }
    return false;
}

std::size_t utf8_length(std::string_view utf8) noexcept {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return !is_continuation(static_cast<byte>(c)); }));
}

bool is_visible_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out.push_back(' ');
        } else if (text[i] != '%') {
            out.push_back(text[i]);
        } else {
            int const high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
            int const low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        }
    }
    return out;
}

void append_percent_encoded(std::string& out, std::string_view text) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    auto const is_unreserved = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || c == '~';
    };
    if (std::all_of(text.begin(), text.end(), is_unreserved)) {
        out += text;
        return;
    }
    for (char const c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        out += '%';
        out += hex[static_cast<unsigned char>(c) >> 4U];
        out += hex[static_cast<unsigned char>(c) & 0xFU];
    }
}

std::string percent_encode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    append_percent_encoded(out, text);
    return out;
}

void append_base36(std::string& out, std::uint64_t number) {
    char digits[13];
    auto const end = std::to_chars(digits, digits + sizeof digits, number, 36).ptr;
    out.append(digits, end);
}

namespace {

// The digit value of each byte, or 36.
constexpr auto base36_values = [] {
    std::array<std::uint8_t, 256> out{};
    out.fill(36);
    for (unsigned i = 0; i < 36; ++i)
        out[static_cast<unsigned char>(i < 10 ? '0' + i : 'a' + (i - 10))] = static_cast<std::uint8_t>(i);
    return out;
}();

}  // namespace

std::optional<std::uint64_t> parse_base36(std::string_view text) noexcept {
    if (text.empty() || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    // 12 digits cannot overflow; epochs have no more.
    if (text.size() > 12) {
        if (!std::all_of(text.begin(), text.end(),
                         [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }))
            return std::nullopt;
        std::uint64_t number = 0;
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number, 36);
        if (ec != std::errc() || end != text.data() + text.size())
            return std::nullopt;
        return number;
    }
    std::uint64_t number = 0;
    for (char const c : text) {
        auto const digit = base36_values[static_cast<unsigned char>(c)];
        if (digit == 36)
            return std::nullopt;
        number = number * 36 + digit;
    }
    return number;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept {
    if (text.empty() || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    std::uint64_t number = 0;
    // 19 digits cannot overflow; what is counted here has fewer.
    if (text.size() <= 19) {
        for (char const c : text) {
            if (c < '0' || c > '9')
                return std::nullopt;
            number = number * 10 + static_cast<unsigned>(c - '0');
        }
        return number;
    }
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

bool iequals(std::string_view a, std::string_view b) noexcept {
    if (a == b)
        return true;
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) noexcept {
    auto const blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string unquoted(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"')
        return std::string(value);
    std::string out;
    for (std::size_t i = 1; i + 1 < value.size(); ++i) {
        if (value[i] == '\\' && i + 2 < value.size())
            ++i;
        out += value[i];
    }
    return out;
}

}  // namespace anteroom
