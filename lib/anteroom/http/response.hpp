// An answer, before it is written.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace anteroom::http {

/// What a handler answers with where the answer is its own; the session adds the status line, `Date`, `Connection` and
/// `Content-Length`.
struct response {
    unsigned status = 200;
    std::string fields;  // header lines, each with its CRLF
    std::string body;
    std::shared_ptr<void const> owner;  // with `shared_body`: bytes that stay somewhere else, instead of `body`
    std::string_view shared_body;
};

/// A piece of what is written: bytes that `owner` keeps where they are, or, without one, bytes that are there only
/// during the call and are copied if the socket does not take them at once.
struct part {
    std::string_view bytes;
    std::shared_ptr<void const> owner = nullptr;
};

/// `Name: value` and CRLF, appended to a response's fields.
void add_field(std::string& fields, std::string_view name, std::string_view value);

/// The reason phrase of a status.
std::string_view reason(unsigned status) noexcept;

/// An error in the form of RFC 9457 (application/problem+json). `detail` says what to do about it.
response problem(unsigned status, std::string_view detail);

/// The header lines of an answer with a JSON body that is never stored by caches.
inline constexpr std::string_view json_fields = "Content-Type: application/json\r\nCache-Control: no-store\r\n";

/// Such an answer.
response json_response(unsigned status, std::string body);

}  // namespace anteroom::http
