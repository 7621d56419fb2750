// Where a server is: `http://host:port/prefix` or `unix:PATH`.
#pragma once

#include <anteroom/client/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::client {

struct server_url {
    std::string host;  ///< a name or an address, without brackets; empty for a Unix socket
    std::uint16_t port = 80;
    std::string unix_path;
    std::string authority = "localhost";  ///< the value of a Host header
    std::string prefix;                   ///< what precedes the paths of the HTTP API; no slash at its end

    bool is_unix() const noexcept { return !unix_path.empty(); }
};

/// Parses a URL; the error says what to write instead.
result<server_url> parse_server_url(std::string_view text);

}  // namespace anteroom::client
