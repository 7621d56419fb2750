// A request, with the parts of it that anteroom uses.
#pragma once

#include <anteroom/http/target.hpp>

#include <boost/beast/http/verb.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <array>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom::http {

using verb = boost::beast::http::verb;

/// The fields that some part of the server reads; all others are skipped during parsing.
enum class header {
    accept,
    accept_encoding,
    access_control_request_method,
    connection,
    content_encoding,
    content_type,
    expect,
    forwarded,
    host,
    idempotency_key,
    if_none_match,
    last_event_id,
    origin,
    prefer,
    sec_fetch_site,
    sec_websocket_extensions,
    sec_websocket_key,
    sec_websocket_protocol,
    sec_websocket_version,
    upgrade,
    x_forwarded_host,
    x_forwarded_proto,
};
inline constexpr std::size_t header_count = 22;

/// The header with that field name (in any case), if it is one that is read.
std::optional<header> find_header(std::string_view name) noexcept;

/// Whether a field is a list, which may be sent in several lines (RFC 9110, 5.3), or one of those of browsers of which
/// none must be overlooked. Of the others none may come twice: two that differ are one for each of two readers.
bool is_list(header which) noexcept;

/// What a client expects (RFC 9110, 10.1.1) by its field, if it has one: nothing if the list is empty, a `100
/// (Continue)`, or something else, which cannot be met.
enum class expectation { none, go_ahead, other };
expectation expectation_of(std::optional<std::string_view> field) noexcept;

/// The header of a request: parsed once, immutable from then on, and shared by all requests of a shard that have the
/// same bytes (see head_cache).
struct header_fields : boost::intrusive_ref_counter<header_fields, boost::thread_unsafe_counter> {
    std::string bytes;          // the head as received, with its request line
    std::size_t line_size = 0;  // of the request line, with its CRLF
    // Views of `bytes` or `joined`; the lines of a list such as Accept are joined.
    std::array<std::optional<std::string_view>, header_count> values;
    std::forward_list<std::string> joined;  // list fields that were sent in several lines
    std::optional<std::uint64_t> body_size;
    bool keep_alive = true;
    std::uint32_t id = 0;             // its number in the cache; 0: not cached
    mutable bool host_known = false;  // the application has found that it answers to this Host, whoever the client is

    /// A field's value.
    std::optional<std::string_view> get(header name) const noexcept { return values[static_cast<std::size_t>(name)]; }
    /// The fields as received, with the empty line after them.
    std::string_view block() const noexcept { return std::string_view(bytes).substr(line_size); }
};
using header_fields_ptr = boost::intrusive_ptr<header_fields const>;

/// A request that owns the bytes that its views refer to: its owner may read it at any time, also across suspensions.
/// On the thread of its session's shard. Created by a request_pool.
struct request {
    request() = default;
    request(request const&) = delete;
    request& operator=(request const&) = delete;

    verb method = verb::unknown;
    int version = 11;  // 10 or 11
    std::string_view method_text;
    std::string_view target;
    std::string_view body;
    header_fields_ptr fields;
    std::string bytes;  // the memory of the views above, unless they refer to the header's
    /// The parsed target, once it was needed.
    std::optional<http::target> parts;

    /// A field's value.
    std::optional<std::string_view> get(header name) const noexcept {
        return fields ? fields->get(name) : std::nullopt;
    }
    /// Requests to a shard with the same number have the same header, byte for byte; 0: unknown.
    std::uint32_t header_id() const noexcept { return fields ? fields->id : 0; }
};

}  // namespace anteroom::http
