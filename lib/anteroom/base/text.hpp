// Text in the forms that the wire asks for: UTF-8, percent-encoding, base 36.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom {

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing beyond U+10FFFF).
bool is_utf8(std::string_view bytes) noexcept;

/// Whether UTF-8 text has a control character: C0, DEL, or C1.
bool has_control_character(std::string_view utf8) noexcept;

/// How many characters (code points) valid UTF-8 text has.
std::size_t utf8_length(std::string_view utf8) noexcept;

/// Whether the bytes are visible ASCII characters: no blanks, no controls.
bool is_visible_ascii(std::string_view text) noexcept;

/// Undoes percent-encoding (RFC 3986, 2.1), and with `plus_is_space` that of HTML forms; nothing if a `%` is not
/// followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Percent-encodes everything but the unreserved characters (RFC 3986, 2.3).
void append_percent_encoded(std::string& out, std::string_view text);
std::string percent_encode(std::string_view text);

/// Appends a number in base 36, digits then lower-case letters.
void append_base36(std::string& out, std::uint64_t number);

/// Reads what append_base36() writes; nothing for anything else, upper-case letters and leading zeros included.
std::optional<std::uint64_t> parse_base36(std::string_view text) noexcept;

/// Reads a plain decimal number without sign and leading zeros.
std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept;

/// Text equal but for the case of ASCII letters, as HTTP compares names.
bool iequals(std::string_view a, std::string_view b) noexcept;

/// Without the spaces and tabs at both ends (RFC 9110: OWS).
std::string_view trim(std::string_view text) noexcept;

/// Calls `each` with every trimmed, non-empty element of a comma-separated list (RFC 9110, 5.6.1).
template <class Each>
void for_each_element(std::string_view list, Each&& each) {
    while (!list.empty()) {
        auto const comma = list.find(',');
        if (auto const element = trim(list.substr(0, comma)); !element.empty())
            each(element);
        list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
    }
}

}  // namespace anteroom
