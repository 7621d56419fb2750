#include "line_layout.hpp"

#include <algorithm>
#include <cwchar>
#include <cwctype>

namespace anteroom {

namespace {

class position {
  public:
    explicit position(std::size_t columns) noexcept : columns_(columns) {}

    std::size_t row() const noexcept { return row_; }
    bool has_room_for(std::size_t width) const noexcept { return column_ + width <= columns_; }

    void add(wchar_t c) noexcept {
        if (c == L'\n') {
            new_row();
        } else if (c == L'\t') {
            do
                advance(1);
            while (column_ % 8 != 0);
        } else if (c < 0x100 && std::iswcntrl(static_cast<std::wint_t>(c)) != 0) {
            advance(1);
            advance(1);
        } else if (std::iswprint(static_cast<std::wint_t>(c)) != 0) {
            advance(width_of(c));
        } else {
            for (int i = c > 0xFFFF ? 8 : 7; i > 0; --i)
                advance(1);
        }
    }
    static std::size_t width_of(wchar_t c) noexcept { return static_cast<std::size_t>(std::max(::wcwidth(c), 0)); }

  private:
    void advance(std::size_t width) noexcept {
        if (!has_room_for(width))
            new_row();
        column_ += width;
        if (column_ >= columns_)
            new_row();
    }
    void new_row() noexcept {
        column_ = 0;
        ++row_;
    }

    std::size_t columns_;
    std::size_t column_ = 0;
    std::size_t row_ = 0;
};

}  // namespace

std::size_t rows_before_cursor(std::wstring_view prompt, std::wstring_view text, std::size_t cursor,
                               std::size_t columns) noexcept {
    position at(std::max<std::size_t>(columns, 2));
    for (wchar_t const c : prompt)
        at.add(c);
    for (wchar_t const c : text.substr(0, cursor))
        at.add(c);
    bool const breaks = cursor < text.size() && !at.has_room_for(position::width_of(text[cursor]));
    return at.row() + (breaks ? 1 : 0);
}

}  // namespace anteroom
