// How long the body of a request may be.
#pragma once

#include <anteroom/http/accept.hpp>
#include <anteroom/http/request.hpp>

#include <cstdint>

namespace anteroom::http {

/// The most bytes of what encodes a message of at most `max_body` bytes (JSON, a form, a compressed body, the frame of
/// a WebSocket): JSON may write a byte in six characters (`\u001f`), and there is something around it.
constexpr std::uint64_t max_encoded(std::uint64_t max_body) noexcept {
    constexpr std::uint64_t longest_escape = 6;
    constexpr std::uint64_t around = 4096;
    constexpr auto most = ~std::uint64_t{0};
    return max_body > (most - around) / longest_escape ? most : longest_escape * max_body + around;
}

/// The most bytes that the body of a request may have on the wire. Text without a content coding is the message itself,
/// which may have `max_body`; the length of any other message is known once its body is decoded. Pure function.
inline std::uint64_t body_limit(header_fields const& of, std::uint64_t max_body) noexcept {
    auto const type = of.get(header::content_type);
    bool const plain = (!type || is_media_type(*type, "text/plain")) && !of.get(header::content_encoding);
    return plain ? max_body : max_encoded(max_body);
}

}  // namespace anteroom::http
