#include <anteroom/base/text.hpp>
#include <anteroom/room/place.hpp>

#include <algorithm>
#include <utility>

namespace anteroom {

void append_place(std::string& out, std::string_view room, cursor at) {
    append_percent_encoded(out, room);
    out += '@';
    append(out, at);
}

std::optional<places> places::parse(std::string_view text) {
    std::optional<places> out(std::in_place);
    if (text.find('@') == text.npos) {
        out->plain_ = parse_cursor(text);
        if (!out->plain_)
            out.reset();
        return out;
    }
    for (bool more = true; more;) {
        auto const comma = text.find(',');
        auto const written = text.substr(0, comma);
        more = comma != text.npos;
        if (more)
            text.remove_prefix(comma + 1);
        auto const sign = written.rfind('@');
        auto const at = sign == written.npos || sign == 0 ? std::nullopt : parse_cursor(written.substr(sign + 1));
        if (!at)
            return std::nullopt;
        auto& added = out->entries_.emplace_back();
        added.at = *at;
        added.written = written.substr(0, sign);
        if (added.written.find('%') == text.npos)
            continue;
        auto decoded = percent_decode(added.written, false);
        if (!decoded)
            return std::nullopt;
        added.decoded = std::move(*decoded);
    }
    return out;
}

std::optional<cursor> places::find(std::string_view room) {
    auto const is_room = [&](entry const& each) { return each.name() == room; };
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
