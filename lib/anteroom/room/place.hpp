// The cursor of several rooms: `a@k3f9x-42,b@p0q1r-7`.
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

/// Appends a room's entry; commas between entries are the caller's. The name is percent-encoded, so that neither
/// separator can stand in it.
void append_place(std::string& out, std::string_view room, cursor at);

/// The cursor of several rooms as text, in which one room's entry can be changed without writing the others anew.
class places_text {
  public:
    /// Adds a room behind the others.
    void add(std::string_view room, cursor at);
    /// Changes the cursor of the room that was added as number `place`.
    void set(std::size_t place, cursor at);

    std::string const& text() const noexcept { return text_; }

  private:
    struct span {
        std::uint32_t begin;  // of the cursor
        std::uint32_t size;
    };
    std::string text_;
    std::vector<span> cursors_;
};

/// What a client gives as its place: a plain cursor, or one for each of several rooms.
class places {
  public:
    /// Nothing where the text is neither. The text must stay where it is.
    static std::optional<places> parse(std::string_view text);

    /// The plain cursor, if it is one.
    std::optional<cursor> plain() const noexcept { return plain_; }

    /// The cursor of a room, if it is among several. Asked for in the order in which they were written, each answer
    /// takes constant time.
    std::optional<cursor> find(std::string_view room);

  private:
    struct entry {
        std::string_view name;
        cursor at;
    };
    std::optional<cursor> plain_;
    std::vector<entry> entries_;
    std::unique_ptr<std::deque<std::string>> decoded_;  // names that had something to decode
    std::size_t next_ = 0;                              // where find() looks first
};

}  // namespace anteroom
