// Text in the encodings of the wire formats: UTF-8, percent-encoding, base 36.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom {

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing beyond U+10FFFF).
bool is_utf8(std::string_view bytes) noexcept;

/// Whether UTF-8 text contains a control character: C0, DEL, or C1.
bool has_control_character(std::string_view utf8) noexcept;

/// The number of characters (code points) in valid UTF-8 text.
std::size_t utf8_length(std::string_view utf8) noexcept;

/// Whether all bytes are visible ASCII characters: no spaces, no control characters.
bool is_visible_ascii(std::string_view text) noexcept;

/// Decodes percent-encoding (RFC 3986, 2.1), and with `plus_is_space` that of HTML forms; nullopt if a `%` is not
/// followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Percent-encodes everything except the unreserved characters (RFC 3986, 2.3).
void append_percent_encoded(std::string& out, std::string_view text);
std::string percent_encode(std::string_view text);

/// Appends a number in base 36: digits, then lower-case letters.
void append_base36(std::string& out, std::uint64_t number);

/// Parses the output of append_base36(); nullopt for anything else, including upper-case letters and leading zeros.
std::optional<std::uint64_t> parse_base36(std::string_view text) noexcept;

/// Parses a plain decimal number without sign or leading zeros.
std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept;

/// Compares text ignoring the case of ASCII letters, as HTTP compares names.
bool iequals(std::string_view a, std::string_view b) noexcept;

/// Removes spaces and tabs from both ends (RFC 9110: OWS).
std::string_view trim(std::string_view text) noexcept;

/// Calls `each` with what stands between separators that are not within a quoted string (RFC 9110, 5.6.4), trimmed.
/// Returns whether all quoted strings end.
template <class Each>
bool split_unquoted(std::string_view text, char separator, Each&& each) {
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            quoted = !quoted;
        } else if (quoted && text[i] == '\\') {
            ++i;
        } else if (!quoted && text[i] == separator) {
            each(trim(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    each(trim(text.substr(begin)));
    return !quoted;
}

/// Calls `each` with every trimmed, non-empty element of a comma-separated list (RFC 9110, 5.6.1). Returns whether all
/// quoted strings in it end.
template <class Each>
bool for_each_element(std::string_view list, Each&& each) {
    return split_unquoted(list, ',', [&](std::string_view element) {
        if (!element.empty())
            each(element);
    });
}

/// A value that is a token or a quoted string (RFC 9110, 5.6.4), without the quotes and what they need.
std::string unquoted(std::string_view value);

/// Whether a comma-separated list has an element, compared without regard to case.
inline bool has_element(std::string_view list, std::string_view wanted) noexcept {
    bool found = false;
    for_each_element(list, [&](std::string_view element) { found = found || iequals(element, wanted); });
    return found;
}

}  // namespace anteroom
