// One compressed message of a WebSocket (RFC 7692), unpacked without context from the one before.
#pragma once

#include <string>
#include <string_view>

namespace anteroom::http {

struct inflated {
    std::string text;
    bool too_big = false;
    bool broken = false;
};

/// Unpacks a message, but no more than `most` bytes.
inflated inflate(std::string_view packed, std::size_t most);

}  // namespace anteroom::http
