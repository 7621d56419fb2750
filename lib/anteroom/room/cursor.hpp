// A cursor: a position in a room, up to which everything has been received.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom {

/// Written `{epoch}-{number}`: the epoch (in base 36) identifies one life of a room, the number counts its messages
/// from 1 without holes. Written `0`, it is the position before the first message of any life.
struct cursor {
    std::uint64_t epoch = 0;  // 0 only in the cursor `0`
    std::uint64_t number = 0;

    bool is_origin() const noexcept { return epoch == 0; }
    friend bool operator==(cursor const&, cursor const&) = default;
};

void append(std::string& out, cursor at);
std::string to_string(cursor at);

/// Parses a cursor; nullopt if the text is not one. A cursor has only one spelling: no leading zeros, no upper case.
std::optional<cursor> parse_cursor(std::string_view text) noexcept;

}  // namespace anteroom
