#include <anteroom/base/text.hpp>
#include <anteroom/room/composite_cursor.hpp>

#include <algorithm>
#include <utility>

namespace anteroom {

void append_room_cursor(std::string& out, std::string_view room, cursor at) {
    append_percent_encoded(out, room);
    out += '@';
    append(out, at);
}

void composite_cursor::add(std::string_view room, cursor at) {
    if (!text_.empty())
        text_ += ',';
    append_percent_encoded(text_, room);
    text_ += '@';
    auto const begin = text_.size();
    append(text_, at);
    cursors_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text_.size() - begin)});
}

void composite_cursor::set(std::size_t place, cursor at) {
    auto const written = to_string(at);
    auto& entry = cursors_[place];
    text_.replace(entry.begin, entry.size, written);
    auto const moved = static_cast<std::uint32_t>(written.size()) - entry.size;
    entry.size += moved;
    if (moved == 0)
        return;
    for (std::size_t i = place + 1; i < cursors_.size(); ++i)
        cursors_[i].begin += moved;
}

std::size_t composite_cursor::size_of_names() const noexcept {
    auto size = text_.size();
    for (auto const& each : cursors_)
        size -= each.size;
    return size;
}

std::optional<cursor_set> cursor_set::parse(std::string_view text) {
    std::optional<cursor_set> out(std::in_place);
    if (text.find('@') == text.npos) {
        out->plain_ = parse_cursor(text);
        if (!out->plain_)
            out.reset();
        return out;
    }
    // One pass: there may be a hundred entries.
    for (std::size_t begin = 0; begin <= text.size();) {
        std::size_t sign = text.npos;
        bool encoded = false;
        std::size_t end = begin;
        for (; end < text.size() && text[end] != ','; ++end) {
            if (text[end] == '@')
                sign = end;
            encoded = encoded || text[end] == '%';
        }
        if (sign == text.npos || sign == begin)
            return std::nullopt;
        auto const at = parse_cursor(text.substr(sign + 1, end - sign - 1));
        if (!at)
            return std::nullopt;
        auto& added = out->entries_.emplace_back(entry{text.substr(begin, sign - begin), *at});
        if (encoded) {
            auto decoded = percent_decode(added.name, false);
            if (!decoded)
                return std::nullopt;
            if (!out->decoded_)
                out->decoded_ = std::make_unique<std::deque<std::string>>();
            added.name = out->decoded_->emplace_back(std::move(*decoded));
        }
        begin = end + 1;
    }
    return out;
}

std::optional<cursor> cursor_set::find(std::string_view room) {
    auto const is_room = [&](entry const& each) { return each.name == room; };
    auto const from = entries_.begin() + static_cast<std::ptrdiff_t>(next_);
    auto found = std::find_if(from, entries_.end(), is_room);
    if (found == entries_.end())
        found = std::find_if(entries_.begin(), from, is_room);
    if (found == entries_.end() || !is_room(*found))
        return std::nullopt;
    next_ = static_cast<std::size_t>(found - entries_.begin()) + 1;
    return found->at;
}

}  // namespace anteroom
