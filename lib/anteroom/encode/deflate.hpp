// A message as a compressed WebSocket frame (RFC 7692).
#pragma once

#include <anteroom/room/message.hpp>

#include <string_view>

namespace anteroom::encode {

/// The whole frame: text, unmasked, compressed without context takeover, so that all readers share it. Made once a
/// message. Where compression would not make it shorter, a frame that is not compressed.
std::string_view deflated_frame(message const& of);

}  // namespace anteroom::encode
