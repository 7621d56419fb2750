// The position of a subscriber in each of its rooms, and its text form.
#pragma once

#include <anteroom/client/error.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::client {

/// The rooms of a subscription, each with the cursor up to which everything has been received. For one room the text is
/// the room's own cursor; for several it is `a@k3f9x-42,b@p0q1r-7`, with the names percent-encoded. The cursor of a
/// room is opaque: it is stored and sent back.
class subscription_cursor {
  public:
    /// Checks the rooms: 1 to 100, without duplicates, each a valid room name.
    static result<subscription_cursor> for_rooms(std::vector<std::string> rooms);

    /// Sets the position from a cursor in either form. Rooms that it does not name keep theirs, rooms that are not
    /// subscribed to are ignored; `0` is the beginning of every room. False, without a change, if it is not a cursor,
    /// or the cursor of one room where there are several.
    bool update(std::string_view cursor);

    /// Advances to a message of a room; an empty name means the only room. False if the room is not subscribed to or
    /// the id is not valid.
    bool advance(std::string_view room, std::string_view id);

    /// Sets each room that has no cursor yet to its cursor in `from`, which must have the same rooms.
    void fill_missing(subscription_cursor const& from);

    /// The cursor as text, without the rooms that have none yet; empty if no room has one.
    std::string text() const;

    /// Whether every room has a cursor.
    bool complete() const noexcept;

    bool several() const noexcept { return rooms_.size() > 1; }
    std::span<std::string const> rooms() const noexcept { return rooms_; }

  private:
    std::vector<std::string> rooms_;
    std::vector<std::string> cursors_;  // by the same index; empty: none yet, which means now
};

/// Whether this is a valid room name: 1 to 128 bytes of UTF-8 without control characters and `/`.
bool is_room_name(std::string_view name) noexcept;

}  // namespace anteroom::client
