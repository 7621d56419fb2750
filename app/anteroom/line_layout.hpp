// Where a line that is edited stands on the screen.
#pragma once

#include <cstddef>
#include <string_view>

namespace anteroom {

/// How many rows below the row of its first character the cursor is, in a terminal of that many columns. It counts as
/// libedit draws: a character of two columns that does not fit begins the next row, control characters are `^A`, what
/// cannot be printed is `\U+1234`. The locale's encoding says how wide a character is.
std::size_t rows_before_cursor(std::wstring_view prompt, std::wstring_view text, std::size_t cursor,
                               std::size_t columns) noexcept;

}  // namespace anteroom
