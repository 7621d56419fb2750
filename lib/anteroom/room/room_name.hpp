// What a room may be called.
#pragma once

#include <string_view>

namespace anteroom {

inline constexpr std::size_t max_room_name = 128;

/// The room of the two calls of the classic tutorial chat, `/subscribe` and `/publish`.
inline constexpr std::string_view lobby = "lobby";

/// Whether a (percent-decoded) name may name a room: 1 to 128 bytes of UTF-8 without control characters and `/`.
bool is_room_name(std::string_view name) noexcept;

}  // namespace anteroom
