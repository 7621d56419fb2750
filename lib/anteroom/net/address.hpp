// The address that a server listens on: `host:port`, `[::1]:port` or `unix:PATH`.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace anteroom::net {

/// An address as the user wrote it, and in the form that the system takes.
struct address {
    boost::asio::generic::stream_protocol::endpoint endpoint;
    std::string unix_path;  // empty for TCP
    std::string text;

    bool is_unix() const noexcept { return !unix_path.empty(); }
};

/// Parses an address. The host is an IP address or `localhost` (127.0.0.1); the port may be 0. Returns nullopt if the
/// text is not an address.
std::optional<address> parse_address(std::string_view text);

/// The address that a socket of IPv4, IPv6 or Unix is bound to; the text of an abstract Unix socket is `unix:@NAME`.
/// Returns nullopt for any other socket or descriptor.
std::optional<address> bound_address(int socket);

}  // namespace anteroom::net
