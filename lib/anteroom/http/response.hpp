// A response, before it is written.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace anteroom::http {

/// The response of a handler to a request; the session adds the status line, `Date`, `Connection` and `Content-Length`.
struct response {
    unsigned status = 200;
    std::string fields;  // header lines, each with its CRLF
    std::string body;
    std::shared_ptr<void const> owner;  // with `shared_body`: owns bytes that are sent instead of `body`
    std::string_view shared_body;
};

/// A piece of output: bytes that `owner` keeps alive or, without an owner, bytes that are valid only during the call
/// and are copied if the socket does not accept them at once.
struct part {
    std::string_view bytes;
    std::shared_ptr<void const> owner = nullptr;
};

/// Appends `Name: value` and CRLF to a response's fields.
void add_field(std::string& fields, std::string_view name, std::string_view value);

/// The reason phrase of a status.
std::string_view reason(unsigned status) noexcept;

/// An error in the format of RFC 9457 (application/problem+json). `detail` says what the client can do about it.
response problem(unsigned status, std::string_view detail);

/// The header lines by which a browser neither takes a response for another type than it says nor gives it to pages of
/// another origin that embed it (Fetch standard, 3.6 and 3.7). Those that may read it ask by CORS.
inline constexpr std::string_view not_embedded_fields =
    "X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n";

/// The header lines of a response with a JSON body that caches must not store.
inline constexpr std::string_view json_fields =
    "Content-Type: application/json\r\nCache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n";

/// Such a response.
response json_response(unsigned status, std::string body);

}  // namespace anteroom::http
