#include <anteroom/base/text.hpp>
#include <anteroom/client/subscription_cursor.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace anteroom::client {

namespace {

constexpr std::size_t max_rooms = 100;

// What a header field may contain: visible ASCII, without the separators of a cursor of several rooms.
bool is_room_cursor(std::string_view text) noexcept {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != ',' && c != '@'; });
}

}  // namespace

bool is_room_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 128 && name.find('/') == name.npos && is_utf8(name) &&
           !has_control_character(name);
}

result<subscription_cursor> subscription_cursor::for_rooms(std::vector<std::string> rooms) {
    if (rooms.empty() || rooms.size() > max_rooms)
        return error(errc::bad_argument, fmt::format("a subscription is to 1 to {} rooms", max_rooms));
    for (auto room = rooms.begin(); room != rooms.end(); ++room) {
        if (!is_room_name(*room))
            return error(errc::bad_argument,
                         "a room's name is 1 to 128 bytes of UTF-8 without control characters and '/'");
        if (std::find(rooms.begin(), room, *room) != room)
            return error(errc::bad_argument, fmt::format("room '{}' is named twice", *room));
    }
    subscription_cursor out;
    out.rooms_ = std::move(rooms);
    out.cursors_.resize(out.rooms_.size());
    return out;
}

bool subscription_cursor::update(std::string_view cursor) {
    if (cursor == "0") {
        std::ranges::fill(cursors_, "0");
        return true;
    }
    if (cursor.find('@') == cursor.npos) {
        if (several() || !is_room_cursor(cursor))
            return false;
        cursors_.front() = cursor;
        return true;
    }
    auto updated = cursors_;
    while (!cursor.empty()) {
        auto const part = cursor.substr(0, cursor.find(','));
        cursor.remove_prefix(std::min(cursor.size(), part.size() + 1));
        auto const sign = part.find('@');
        auto const name = percent_decode(part.substr(0, sign), false);
        if (sign == part.npos || !name || !is_room_cursor(part.substr(sign + 1)))
            return false;
        auto const room = std::ranges::find(rooms_, *name);
        if (room != rooms_.end())
            updated[static_cast<std::size_t>(room - rooms_.begin())] = part.substr(sign + 1);
    }
    cursors_ = std::move(updated);
    return true;
}

bool subscription_cursor::advance(std::string_view room, std::string_view id) {
    auto const found = room.empty() && !several() ? rooms_.begin() : std::ranges::find(rooms_, room);
    if (found == rooms_.end() || !is_room_cursor(id))
        return false;
    cursors_[static_cast<std::size_t>(found - rooms_.begin())] = id;
    return true;
}

void subscription_cursor::fill_missing(subscription_cursor const& from) {
    for (std::size_t i = 0; i < cursors_.size() && i < from.cursors_.size(); ++i) {
        if (cursors_[i].empty())
            cursors_[i] = from.cursors_[i];
    }
}

std::string subscription_cursor::text() const {
    if (!several())
        return cursors_.front();
    std::string out;
    for (std::size_t i = 0; i < rooms_.size(); ++i) {
        if (cursors_[i].empty())
            continue;
        if (!out.empty())
            out += ',';
        out += percent_encode(rooms_[i]);
        out += '@';
        out += cursors_[i];
    }
    return out;
}

bool subscription_cursor::complete() const noexcept {
    return std::ranges::none_of(cursors_, [](auto const& cursor) { return cursor.empty(); });
}

}  // namespace anteroom::client
