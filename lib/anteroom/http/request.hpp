// A request, as far as anteroom looks at one.
#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/verb.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace anteroom::http {

using verb = boost::beast::http::verb;

/// The fields that some part of the server reads; all others are skipped while parsing.
enum class header {
    accept,
    access_control_request_method,
    connection,
    content_type,
    expect,
    host,
    idempotency_key,
    if_none_match,
    last_event_id,
    origin,
    prefer,
    sec_websocket_extensions,
    sec_websocket_key,
    sec_websocket_version,
    upgrade,
};
inline constexpr std::size_t header_count = 15;

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
    /// Requests to a shard with the same number here have the same header, byte for byte; 0: not known. See head_cache.
    std::uint32_t header_id = 0;

    /// A field's value; where the field was repeated, the last, but for the list that is Accept.
    std::optional<std::string_view> get(header name) const noexcept { return headers[static_cast<std::size_t>(name)]; }
};

}  // namespace anteroom::http
