// Writes the frames that a WebSocket server sends (RFC 6455, 5).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace anteroom::websocket {

/// The frame types that the server sends (RFC 6455, 5.2).
enum class opcode : unsigned char { text = 1, close = 8, ping = 9, pong = 10 };
/// Appends the head of an unfragmented, unmasked frame; `compressed` sets RSV1 (RFC 7692).
void append_frame_head(std::string& out, opcode kind, std::size_t size, bool compressed = false);

/// Compresses text up to a byte boundary, without context and without the empty block that ends it there (RFC 7692,
/// 7.2.1); empty if the result would not be shorter.
std::string deflate(std::string_view text);

}  // namespace anteroom::websocket
