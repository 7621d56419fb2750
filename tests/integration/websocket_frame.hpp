// A frame of the WebSocket protocol, valid or invalid on purpose.
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
    unsigned reserved = 0;  ///< the three reserved bits; 4 is RSV1, "compressed"
    bool masked = true;     ///< as required of every frame of a client

    [[nodiscard]] std::string bytes() const;

    /// Of a close frame; nullopt if it has none.
    [[nodiscard]] std::optional<int> close_code() const;
};

websocket_frame text_frame(std::string payload);
websocket_frame close_frame(int code, std::string_view reason = "");

/// Removes and returns one complete server frame from the front of `buffer`; nullopt while it is incomplete. Throws
/// harness_error for a frame that a server must not send.
std::optional<websocket_frame> take_frame(std::string& buffer);

}  // namespace anteroom::integration
