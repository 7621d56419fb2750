// Which pages of other sites may read the answers (CORS), and open WebSockets.
#pragma once

#include <anteroom/http/request.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// The origins that the operator has listed. Any thread.
class origins {
  public:
    /// Each as browsers write it (`https://app.example`), or `*` for any.
    explicit origins(std::vector<std::string> allowed);

    /// Whether a listed origin sends this request.
    bool allows(http::header_fields const& asked) const noexcept;
    /// Whether a page may open a WebSocket: it comes from this server itself or from a listed origin, or it is no page.
    bool allows_websocket(http::header_fields const& asked) const noexcept;

    /// The header fields that let the page of that origin read an answer; none where it may not.
    std::string fields(http::header_fields const& asked) const;
    /// Those that answer a preflight beside them; `methods` are those of the path. None where there is nothing to
    /// allow.
    std::string preflight_fields(http::header_fields const& asked, std::string_view methods) const;

    /// Whether a text is an origin, or `*`.
    static bool is_origin(std::string_view text) noexcept;

  private:
    std::vector<std::string> allowed_;
    bool any_ = false;
};

}  // namespace anteroom
