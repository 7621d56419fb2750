// A message as a compressed WebSocket frame (RFC 7692).
#pragma once

#include <anteroom/room/message.hpp>

#include <string_view>

namespace anteroom::encode {

/// The whole frame: text, unmasked, compressed without context takeover, so that all subscribers share it. Encoded once
/// per message. An uncompressed frame if compression would not make it shorter.
std::string_view deflated_frame(message const& of);

}  // namespace anteroom::encode
