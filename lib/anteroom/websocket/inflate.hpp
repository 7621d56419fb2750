// Decompresses one WebSocket message (RFC 7692), without context from the previous one.
#pragma once

#include <string>
#include <string_view>

namespace anteroom::websocket {

struct inflated {
    std::string text;
    bool too_big = false;
    bool broken = false;
};

/// Decompresses a message, up to `most` bytes.
inflated inflate(std::string_view packed, std::size_t most);

}  // namespace anteroom::websocket
