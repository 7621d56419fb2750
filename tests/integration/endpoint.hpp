// The address that a server listens on, as printed on its standard output.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::integration {

struct endpoint {
    std::string host;  ///< an IPv4 or IPv6 address without brackets; empty for a Unix socket
    std::uint16_t port = 0;
    std::string path;  ///< of a Unix socket

    /// The value of a Host header.
    [[nodiscard]] std::string authority() const;
};

/// Parses `anteroom VERSION listening on http://127.0.0.1:8080/` (or `… unix:PATH`); throws harness_error otherwise.
endpoint parse_listening_line(std::string_view line);

}  // namespace anteroom::integration
