// The characters of a token, the word of HTTP's grammar (RFC 9110, 5.6.2).
#pragma once

#include <string_view>

namespace anteroom::http {

constexpr bool is_token_char(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// What a quoted string may consist of between its quotes, beside `"` and the backslash of an escape (RFC 9110, 5.6.4).
constexpr bool is_quotable(char c) noexcept {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

}  // namespace anteroom::http
