// What a terminal shows of what is written to it: as much of xterm as a line editor uses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::integration {

/// Characters have the widths of the locale's encoding. Lines that left the screen at its top are kept.
class screen {
  public:
    screen(std::size_t columns, std::size_t rows);

    /// Writes bytes, which may end within a character or a control sequence.
    void write(std::string_view bytes);

    /// Changes the size; lines that were wrapped are wrapped anew, as most terminals do.
    void resize(std::size_t columns, std::size_t rows);

    /// Everything from the first line on: a line each, without spaces at its end; wrapped lines in one piece.
    std::string text() const;

    /// The line of the cursor, in one piece, with `|` where the cursor is.
    std::string cursor_line() const;

    std::size_t bells() const { return bells_; }

  private:
    struct row {
        std::vector<std::string> cells;  // one a column; empty behind a wide character
        bool wraps = false;              // the next row continues it
    };

    void put(std::string character);
    void control(char c);
    void sequence(std::string_view parameters, char final_byte);
    void new_line();
    void erase(row& of, std::size_t from);
    row& here() { return rows_[top_ + row_]; }
    std::string line_from(std::size_t first, std::size_t& last) const;

    std::size_t columns_;
    std::size_t height_;
    std::size_t top_ = 0;  // rows that have left the screen
    std::size_t row_ = 0;
    std::size_t column_ = 0;
    bool is_past_end_ = false;  // the next character is wrapped
    bool inserts_ = false;
    std::size_t bells_ = 0;
    std::string partial_;
    std::vector<row> rows_;
};

}  // namespace anteroom::integration
