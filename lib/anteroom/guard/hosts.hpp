// The names that the server answers to: a page whose owner points a name of his own at this machine (DNS rebinding) is
// of the same origin as this server to its browser, and its name is all that tells it apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// Any thread.
class hosts {
  public:
    /// Names of the operator: `chat.example`, `*.example.org` for all names below it, or `*` for any; also with the dot
    /// of a complete name.
    explicit hosts(std::vector<std::string> named);

    /// Whether the server answers to a host: an IP literal, `localhost` or one of the names. In any case, with or
    /// without the dot at the end of a complete name.
    bool knows(std::string_view host) const noexcept;

    /// Whether a text can be a name of the operator.
    static bool is_pattern(std::string_view text) noexcept;

  private:
    std::vector<std::string> named_;
};

}  // namespace anteroom
