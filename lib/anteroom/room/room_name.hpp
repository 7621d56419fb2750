// What a room may be called.
#pragma once

#include <string_view>

namespace anteroom {

inline constexpr std::size_t max_room_name = 128;

/// The room of the two calls of the classic tutorial chat, `/subscribe` and `/publish`.
inline constexpr std::string_view lobby = "lobby";

/// A room's joins and leaves are the messages of another room: its own name with this behind it.
inline constexpr std::string_view presence_suffix = ":presence";

/// Whether a name is that of a room of joins and leaves, in which nobody but the server publishes.
bool is_presence_room(std::string_view name) noexcept;

/// Whether a (percent-decoded) name may name a room: 1 to 128 bytes of UTF-8 without control characters and `/`,
/// and `:presence` may come on top.
bool is_room_name(std::string_view name) noexcept;

}  // namespace anteroom
