// A request, as far as anteroom looks at one.
#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/verb.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace anteroom::http {

using verb = boost::beast::http::verb;

/// The fields that some part of the server reads; all others are skipped while parsing.
enum class header {
    accept,
    content_type,
    expect,
    host,
    if_none_match,
    last_event_id,
    prefer,
};
inline constexpr std::size_t header_count = 7;

/// The header that a field name (any case) stands for, if it is one that is read.
std::optional<header> find_header(std::string_view name) noexcept;

/// Views into the connection's input: good until the handler of the request first suspends or returns.
struct request {
    verb method = verb::unknown;
    std::string_view method_text;
    std::string_view target;
    int version = 11;  // 10 or 11
    std::array<std::optional<std::string_view>, header_count> headers;
    std::string_view body;

    /// A field's value; where the field was repeated, the last, but for the list that is Accept.
    std::optional<std::string_view> get(header name) const noexcept { return headers[static_cast<std::size_t>(name)]; }
};

}  // namespace anteroom::http
