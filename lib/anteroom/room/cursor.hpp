// A cursor: a place in a room, everything up to which has been received.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom {

/// Written `{epoch}-{number}`: the epoch (in base 36) names one life of a room, the number counts its messages from 1
/// without holes. Written `0`, it is the place before the first message, in whatever life.
struct cursor {
    std::uint64_t epoch = 0;  // 0 only in the cursor `0`
    std::uint64_t number = 0;

    bool is_origin() const noexcept { return epoch == 0; }
    friend bool operator==(cursor const&, cursor const&) = default;
};

void append(std::string& out, cursor at);
std::string to_string(cursor at);

/// Reads a cursor; nothing where the text is none. A cursor has one spelling: no leading zeros, no upper case.
std::optional<cursor> parse_cursor(std::string_view text) noexcept;

}  // namespace anteroom
