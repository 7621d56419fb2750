// Decodes a body that was compressed for the way (RFC 9110, 8.4).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom::http {

/// `other`: one that is not understood, or several.
enum class content_coding { identity, gzip, deflate, other };

/// The coding that a Content-Encoding field names. Pure function.
content_coding content_coding_of(std::optional<std::string_view> field) noexcept;

/// The codings that are understood, for an Accept-Encoding field.
inline constexpr std::string_view accepted_codings = "gzip, deflate";

struct decoded_body {
    enum class state { whole, too_big, broken };
    state is = state::broken;
    std::string text;  // if it is whole
};

/// Decodes a body up to `most` bytes; what is over that is not decompressed. `broken`: the body is not in that coding,
/// or damaged by its checksum or its length (RFC 1950, RFC 1952); nothing may follow its end. `deflate` without the
/// wrapping of zlib is taken too, since some clients send it (RFC 9110, 8.4.1.2). Not for `other`. Pure function.
decoded_body decode_body(content_coding coding, std::string_view body, std::size_t most);

}  // namespace anteroom::http
