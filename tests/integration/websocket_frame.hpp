// A frame of the WebSocket protocol, right or wrong on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom::integration {

enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct websocket_frame {
    opcode kind = opcode::text;
    std::string payload;
    bool final = true;
    unsigned reserved = 0;  ///< the three reserved bits: 4 is the one that says "compressed"
    bool masked = true;     ///< as every frame of a client's has to be

    [[nodiscard]] std::string bytes() const;

    /// Of a close frame; nothing where it gives none.
    [[nodiscard]] std::optional<int> close_code() const;
};

websocket_frame text_frame(std::string payload);
websocket_frame close_frame(int code, std::string_view reason = "");

/// Takes one complete frame of a server's from the front of `buffer`; nothing while it is incomplete. Throws
/// harness_error for a frame that a server must not send.
std::optional<websocket_frame> take_frame(std::string& buffer);

}  // namespace anteroom::integration
