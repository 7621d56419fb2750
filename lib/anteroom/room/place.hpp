// The cursor of several rooms: `a@k3f9x-42,b@p0q1r-7`.
#pragma once

#include <anteroom/room/cursor.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// Appends a room's entry; commas between entries are the caller's. The name is percent-encoded, so that neither
/// separator can stand in it.
void append_place(std::string& out, std::string_view room, cursor at);

/// What a client gives as its place: a plain cursor, or one for each of several rooms.
class places {
  public:
    /// Nothing where the text is neither.
    static std::optional<places> parse(std::string_view text);

    /// The plain cursor, if it is one.
    std::optional<cursor> plain() const noexcept { return plain_; }

    /// The cursor of a room, if it is among several. Asked for in the order in which they were written, each answer
    /// takes constant time.
    std::optional<cursor> find(std::string_view room);

  private:
    struct entry {
        std::string decoded;       // of a name that has something to decode
        std::string_view written;  // else
        cursor at;
        std::string_view name() const noexcept { return decoded.empty() ? written : std::string_view(decoded); }
    };
    std::optional<cursor> plain_;
    std::vector<entry> entries_;
    std::size_t next_ = 0;  // where find() looks first
};

}  // namespace anteroom
