// Content negotiation: which of the forms on offer an Accept field asks for (RFC 9110, 12.5.1).
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace anteroom::http {

/// Chooses among media types (`type/subtype`, in order of the server's own preference) and returns the index of the
/// best; nothing if none is acceptable. No field, or an empty one, accepts everything.
///
/// Each offer has the quality of the most specific range that matches it. Among equals the one that was asked for more
/// specifically wins, then the one that the client lists first, then the server's order. A range that is not
/// understood is skipped. Pure.
std::optional<std::size_t> negotiate(std::optional<std::string_view> accept, std::span<std::string_view const> offers);

/// Whether a Content-Type names the media type, whatever its parameters.
bool is_media_type(std::string_view content_type, std::string_view type) noexcept;

/// The value of a parameter of a Content-Type (`charset`), without quotes; empty if it has none.
std::string_view media_parameter(std::string_view content_type, std::string_view name) noexcept;

}  // namespace anteroom::http
