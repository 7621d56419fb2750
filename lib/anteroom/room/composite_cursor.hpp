// The composite cursor of several rooms: `a@k3f9x-42,b@p0q1r-7`.
#pragma once

#include <anteroom/room/cursor.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// Appends a room's entry; the caller adds commas between entries. The name is percent-encoded, so that it contains
/// neither of the separators.
void append_room_cursor(std::string& out, std::string_view room, cursor at);

/// A composite cursor as text, in which one room's entry can be changed without rewriting the others.
class composite_cursor {
  public:
    /// Appends a room's entry.
    void add(std::string_view room, cursor at);
    /// Changes the cursor of the room with the index `place`, in the order of add().
    void set(std::size_t place, cursor at);

    std::string const& text() const noexcept { return text_; }
    /// How much of the text are the names and separators, which do not change as cursors do.
    std::size_t size_of_names() const noexcept;

  private:
    struct span {
        std::uint32_t begin;  // position of the entry's cursor
        std::uint32_t size;
    };
    std::string text_;
    std::vector<span> cursors_;
};

/// A cursor as sent by a client: a plain one, or a composite one with an entry for each room (a cursor set).
class cursor_set {
  public:
    /// Returns nullopt if the text is neither. The text must outlive the result.
    static std::optional<cursor_set> parse(std::string_view text);

    /// The plain cursor, if it is one.
    std::optional<cursor> plain() const noexcept { return plain_; }

    /// The cursor of a room, if the set has one. Takes constant time if rooms are looked up in the order in which they
    /// were written.
    std::optional<cursor> find(std::string_view room);

  private:
    struct entry {
        std::string_view name;
        cursor at;
    };
    std::optional<cursor> plain_;
    std::vector<entry> entries_;
    std::unique_ptr<std::deque<std::string>> decoded_;  // names that had to be decoded
    std::size_t next_ = 0;                              // where find() starts looking
};

}  // namespace anteroom
