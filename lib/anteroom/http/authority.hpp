// The authority of a request: the host and port that the client believes it is talking to.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace anteroom::http {

/// The parts of a Host field, or of a URI between `//` and the path. Views of the parsed text.
struct authority {
    std::string_view host;              // an IPv6 literal with its brackets; not decoded, in any case
    std::optional<std::uint16_t> port;  // none if it was not written
};

/// Parses `uri-host [":" port]` (RFC 9110, 7.2 and RFC 3986, 3.2.2); nullopt if it is none, or has no host. User
/// information and zone ids are not allowed.
std::optional<authority> parse_authority(std::string_view text) noexcept;

/// Whether a host is an IP address: `127.0.0.1` or `[::1]`.
bool is_ip_literal(std::string_view host) noexcept;

/// The port that a scheme implies: 443 for https and wss, otherwise 80. The scheme in any case.
std::uint16_t default_port(std::string_view scheme) noexcept;

}  // namespace anteroom::http
