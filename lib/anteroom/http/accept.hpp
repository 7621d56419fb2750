// Content negotiation: which of the offered media types an Accept field asks for (RFC 9110, 12.5.1).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom::http {

/// Chooses among media types (`type/subtype`, in the server's order of preference) and returns the index of the best
/// one; nullopt if none is acceptable. A missing or empty field accepts everything.
///
/// Each offer has the quality of the most specific range that matches it. Ties are broken by the more specific range,
/// then by the client's order, then by the server's. A range that cannot be parsed is skipped. Pure function.
std::optional<std::size_t> negotiate(std::optional<std::string_view> accept, std::span<std::string_view const> offers);

/// Whether a Content-Type names the media type, ignoring its parameters.
bool is_media_type(std::string_view content_type, std::string_view type) noexcept;

/// The value of a parameter of a Content-Type (`charset`), without quotes; empty if it is absent.
std::string media_parameter(std::string_view content_type, std::string_view name);

}  // namespace anteroom::http
