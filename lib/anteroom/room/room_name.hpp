// Valid names of rooms.
#pragma once

#include <string_view>

namespace anteroom {

inline constexpr std::size_t max_room_name = 128;

/// The room that the two calls of the classic tutorial chat use, `/subscribe` and `/publish`.
inline constexpr std::string_view lobby = "lobby";

/// A room's joins and leaves are published to another room, whose name is the room's own with this suffix.
inline constexpr std::string_view presence_suffix = ":presence";

/// A room with this suffix is for what matters for seconds only, such as who is typing in the room without it.
inline constexpr std::string_view typing_suffix = ":typing";

/// Whether a name is that of a room whose messages are kept for seconds only.
bool is_brief_room(std::string_view name) noexcept;

/// Whether a name is that of a room of joins and leaves, to which only the server publishes.
bool is_presence_room(std::string_view name) noexcept;

/// Whether a (percent-decoded) name is valid for a room: 1 to 128 bytes of UTF-8 without control characters and `/`,
/// optionally followed by `:presence`.
bool is_room_name(std::string_view name) noexcept;

}  // namespace anteroom
