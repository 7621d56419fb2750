#include <anteroom/base/text.hpp>
#include <anteroom/client/subscription_cursor.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace anteroom::client {

namespace {

constexpr std::size_t max_rooms = 100;

// What a header may carry: visible ASCII, and nothing that has a meaning in a cursor of several rooms.
bool is_place(std::string_view text) noexcept {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != ',' && c != '@'; });
}

}  // namespace

bool is_room(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 128 && name.find('/') == name.npos && is_utf8(name) &&
           !has_control_character(name);
}

result<places> places::in(std::vector<std::string> rooms) {
    if (rooms.empty() || rooms.size() > max_rooms)
        return error(errc::bad_argument, fmt::format("a subscription is to 1 to {} rooms", max_rooms));
    for (auto room = rooms.begin(); room != rooms.end(); ++room) {
        if (!is_room(*room))
            return error(errc::bad_argument,
                         "a room's name is 1 to 128 bytes of UTF-8 without control characters and '/'");
        if (std::find(rooms.begin(), room, *room) != room)
            return error(errc::bad_argument, fmt::format("room '{}' is named twice", *room));
    }
    places out;
    out.rooms_ = std::move(rooms);
    out.at_.resize(out.rooms_.size());
    return out;
}

bool places::take(std::string_view cursor) {
    if (cursor == "0") {
        std::ranges::fill(at_, "0");
        return true;
    }
    if (cursor.find('@') == cursor.npos) {
        if (several() || !is_place(cursor))
            return false;
        at_.front() = cursor;
        return true;
    }
    auto at = at_;
    while (!cursor.empty()) {
        auto const part = cursor.substr(0, cursor.find(','));
        cursor.remove_prefix(std::min(cursor.size(), part.size() + 1));
        auto const sign = part.find('@');
        auto const name = percent_decode(part.substr(0, sign), false);
        if (sign == part.npos || !name || !is_place(part.substr(sign + 1)))
            return false;
        auto const room = std::ranges::find(rooms_, *name);
        if (room != rooms_.end())
            at[static_cast<std::size_t>(room - rooms_.begin())] = part.substr(sign + 1);
    }
    at_ = std::move(at);
    return true;
}

bool places::advance(std::string_view room, std::string_view id) {
    auto const found = room.empty() && !several() ? rooms_.begin() : std::ranges::find(rooms_, room);
    if (found == rooms_.end() || !is_place(id))
        return false;
    at_[static_cast<std::size_t>(found - rooms_.begin())] = id;
    return true;
}

void places::fill(places const& from) {
    for (std::size_t i = 0; i < at_.size() && i < from.at_.size(); ++i) {
        if (at_[i].empty())
            at_[i] = from.at_[i];
    }
}

std::string places::cursor() const {
    if (!several())
        return at_.front();
    std::string out;
    for (std::size_t i = 0; i < rooms_.size(); ++i) {
        if (at_[i].empty())
            continue;
        if (!out.empty())
            out += ',';
        out += percent_encode(rooms_[i]);
        out += '@';
        out += at_[i];
    }
    return out;
}

bool places::complete() const noexcept {
    return std::ranges::none_of(at_, [](auto const& place) { return place.empty(); });
}

}  // namespace anteroom::client
