// Where a server listens: `host:port`, `[::1]:port` or `unix:PATH`.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace anteroom::net {

/// An address as the user wrote it, and as the system takes it.
struct address {
    boost::asio::generic::stream_protocol::endpoint endpoint;
    std::string unix_path;  // empty for TCP
    std::string text;

    bool is_unix() const noexcept { return !unix_path.empty(); }
};

/// Reads an address. A host is an IP address or `localhost` (127.0.0.1); a port may be 0. Nothing where it is none.
std::optional<address> parse_address(std::string_view text);

}  // namespace anteroom::net
