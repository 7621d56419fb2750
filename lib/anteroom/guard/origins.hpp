// The origins whose pages may read responses (CORS) and open WebSockets.
#pragma once

#include <anteroom/http/request.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// The origins that the operator has allowed. Any thread.
class origins {
  public:
    /// Each origin as browsers write it (`https://app.example`), or `*` for any.
    explicit origins(std::vector<std::string> allowed);

    /// Whether this request comes from an allowed origin.
    bool allows(http::header_fields const& asked) const noexcept;
    /// Whether any origin is allowed.
    bool any() const noexcept { return any_; }

    /// The header fields that let a page of that origin read a response; no Access-Control field if it may not.
    std::string fields(http::header_fields const& asked) const;
    /// The additional fields for the response to a preflight; `methods` are the methods of the path. Empty if there is
    /// nothing to allow.
    std::string preflight_fields(http::header_fields const& asked, std::string_view methods) const;

    /// Whether an origin has that scheme and authority, with default ports written or not (RFC 6454, 5).
    static bool is_same(std::string_view origin, std::string_view scheme, std::string_view authority) noexcept;
    /// Whether a text is an origin, or `*`.
    static bool is_origin(std::string_view text) noexcept;

  private:
    std::vector<std::string> allowed_;
    bool any_ = false;
};

}  // namespace anteroom
