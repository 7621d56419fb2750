#include "screen.hpp"

#include "harness_error.hpp"

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <cwchar>

namespace anteroom::integration {

namespace {

std::size_t width_of(std::string const& character) {
    wchar_t wide = 0;
    std::mbstate_t state{};
    std::mbrtowc(&wide, character.data(), character.size(), &state);
    return static_cast<std::size_t>(std::max(::wcwidth(wide), 0));
}

std::size_t length_of(char lead) {
    auto const byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

screen::screen(std::size_t columns, std::size_t rows) : columns_(columns), height_(rows), rows_(rows) {
    std::setlocale(LC_CTYPE, "C.UTF-8");
}

void screen::write(std::string_view bytes) {
    auto const text = partial_ + std::string(bytes);
    std::string_view left = text;
    while (!left.empty()) {
        auto size = length_of(left.front());
        if (left.front() == '\x1B') {
            bool const is_csi = left.starts_with("\x1B[");
            auto const end = is_csi ? left.find_first_not_of("0123456789;?", 2) : left.find_first_not_of("()", 1);
            if (end == left.npos)
                break;
            if (is_csi)
                sequence(left.substr(2, end - 2), left[end]);
            size = end + 1;
        } else if (size > left.size()) {
            break;
        } else if (static_cast<unsigned char>(left.front()) < 0x20) {
            control(left.front());
        } else {
            put(std::string(left.substr(0, size)));
        }
        left.remove_prefix(size);
    }
    partial_ = std::string(left);
}

void screen::control(char c) {
    is_past_end_ = false;
    if (c == '\r')
        column_ = 0;
    else if (c == '\n')
        new_line();
    else if (c == '\b')
        column_ -= std::min<std::size_t>(column_, 1);
    else if (c == '\t')
        column_ = std::min((column_ / 8 + 1) * 8, columns_ - 1);
    else if (c == '\a')
        ++bells_;
    else
        throw harness_error{"the screen does not know control character " + std::to_string(c)};
}

void screen::new_line() {
    if (row_ + 1 < height_) {
        ++row_;
        return;
    }
    ++top_;
    rows_.emplace_back();
}

void screen::put(std::string character) {
    auto const width = width_of(character);
    auto& cells = here().cells;
    if (width == 0) {
        if (column_ > 0 && column_ <= cells.size())
            cells[column_ - 1] += character;
        return;
    }
    if (is_past_end_ || column_ + width > columns_) {
        here().wraps = true;
        column_ = 0;
        is_past_end_ = false;
        new_line();
    }
    auto& to = here().cells;
    to.resize(std::max(to.size(), column_ + width), " ");
    if (inserts_)
        to.insert(to.begin() + static_cast<std::ptrdiff_t>(column_), width, " ");
    to.resize(std::min(to.size(), columns_));
    to[column_] = std::move(character);
    if (width == 2)
        to[column_ + 1].clear();
    column_ += width;
    if (column_ >= columns_) {
        column_ = columns_ - 1;
        is_past_end_ = true;
    }
}

void screen::erase(row& of, std::size_t from) {
    of.cells.resize(std::min(of.cells.size(), from));
    of.wraps = false;
}

void screen::sequence(std::string_view parameters, char final_byte) {
    auto const number = static_cast<std::size_t>(std::strtoul(std::string(parameters).c_str(), nullptr, 10));
    auto const count = std::max<std::size_t>(number, 1);
    auto& cells = here().cells;
    is_past_end_ = is_past_end_ && final_byte == 'm';
    switch (final_byte) {
        case 'A':
            row_ -= std::min(row_, count);
            break;
        case 'B':
            row_ = std::min(row_ + count, height_ - 1);
            break;
        case 'C':
            column_ = std::min(column_ + count, columns_ - 1);
            break;
        case 'D':
            column_ -= std::min(column_, count);
            break;
        case 'G':
            column_ = std::min(count, columns_) - 1;
            break;
        case 'H':
            row_ = column_ = 0;
            break;
        case 'K':
            erase(here(), column_);
            break;
        case 'J':
            erase(here(), number == 2 ? 0 : column_);
            for (auto each = rows_.begin() + static_cast<std::ptrdiff_t>(number == 2 ? top_ : top_ + row_ + 1);
                 each != rows_.end(); ++each)
                erase(*each, 0);
            break;
        case '@':
            cells.resize(std::max(cells.size(), column_), " ");
            cells.insert(cells.begin() + static_cast<std::ptrdiff_t>(column_), count, " ");
            cells.resize(std::min(cells.size(), columns_));
            break;
        case 'P':
            if (column_ < cells.size()) {
                auto const from = cells.begin() + static_cast<std::ptrdiff_t>(column_);
                cells.erase(from, from + static_cast<std::ptrdiff_t>(std::min(count, cells.size() - column_)));
            }
            break;
        case 'h':
        case 'l':
            if (parameters == "4")
                inserts_ = final_byte == 'h';
            break;
        case 'm':
            break;
        default:
            throw harness_error{std::string("the screen does not know CSI ") + std::string(parameters) + final_byte};
    }
}

std::string screen::line_from(std::size_t first, std::size_t& last) const {
    std::string out;
    for (last = first;; ++last) {
        for (auto const& cell : rows_[last].cells)
            out += cell;
        if (!rows_[last].wraps || last + 1 == rows_.size())
            break;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

std::string screen::text() const {
    std::string out;
    for (std::size_t i = 0, last = 0; i < rows_.size(); i = last + 1)
        out += line_from(i, last) + "\n";
    out.erase(out.find_last_not_of('\n') + 1);
    return out.empty() ? out : out + "\n";
}

std::string screen::cursor_line() const {
    auto first = top_ + row_;
    while (first > 0 && rows_[first - 1].wraps)
        --first;
    std::string out;
    for (auto at = first;; ++at) {
        auto const& cells = rows_[at].cells;
        for (std::size_t column = 0; column < std::max(cells.size(), column_ + 1); ++column) {
            if (at == top_ + row_ && column == column_)
                out += '|';
            out += column < cells.size() ? cells[column] : " ";
        }
        if (!rows_[at].wraps || at + 1 == rows_.size())
            break;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

void screen::resize(std::size_t columns, std::size_t rows) {
    std::vector<row> wrapped;
    std::size_t cursor = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        bool const starts = i == 0 || !rows_[i - 1].wraps;
        if (starts)
            wrapped.emplace_back();
        for (std::size_t column = 0; column <= rows_[i].cells.size(); ++column) {
            if (i == top_ + row_ && column == std::min(column_, rows_[i].cells.size())) {
                auto const at = wrapped.back().cells.size() + (column_ - column);
                cursor = wrapped.size() - 1 + at / columns;
                column_ = at % columns;
            }
            if (column == rows_[i].cells.size())
                break;
            if (wrapped.back().cells.size() == columns) {
                wrapped.back().wraps = true;
                wrapped.emplace_back();
            }
            wrapped.back().cells.push_back(rows_[i].cells[column]);
        }
    }
    // Rows below the cursor that show nothing are given up first.
    while (wrapped.size() > rows && wrapped.size() > cursor + 1 && wrapped.back().cells.empty())
        wrapped.pop_back();
    wrapped.resize(std::max({wrapped.size(), rows, cursor + 1}));
    rows_ = std::move(wrapped);
    columns_ = columns;
    height_ = rows;
    top_ = rows_.size() - rows;
    if (cursor < top_)
        throw harness_error{"the cursor has left the screen"};
    row_ = cursor - top_;
    is_past_end_ = false;
}

}  // namespace anteroom::integration
