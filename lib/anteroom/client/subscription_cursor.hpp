// How far a subscriber has come in each of its rooms, and the cursor that says so.
#pragma once

#include <anteroom/client/error.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::client {

/// The rooms of a subscription, each with the cursor up to which everything has been received. In one room the cursor
/// is the room's own; in several it is `a@k3f9x-42,b@p0q1r-7`, with the names percent-encoded. What is in a cursor
/// is the server's business: it is kept and handed back.
class places {
  public:
    /// Checks the rooms: 1 to 100, none twice, each with a name that a room can have.
    static result<places> in(std::vector<std::string> rooms);

    /// Takes a cursor in either form; rooms that it does not name stay where they are, names that are not asked for are
    /// ignored. `0` is the beginning of every room. False where it is no cursor, or one room's for several.
    bool take(std::string_view cursor);

    /// Goes on to a message of a room; an empty room is the only one. False where that is not a room of ours.
    bool advance(std::string_view room, std::string_view id);

    /// Gives the rooms that have no place yet the ones that they have in `from`, which must be of the same rooms.
    void fill(places const& from);

    /// The cursor, without the rooms that have no place yet; empty where none has.
    std::string cursor() const;

    /// Whether every room has a place.
    bool complete() const noexcept;

    bool several() const noexcept { return rooms_.size() > 1; }
    std::span<std::string const> rooms() const noexcept { return rooms_; }

  private:
    std::vector<std::string> rooms_;
    std::vector<std::string> at_;  // by the same index; empty: now
};

/// Whether a room can have this name: 1 to 128 bytes of UTF-8 without control characters and `/`.
bool is_room(std::string_view name) noexcept;

}  // namespace anteroom::client
