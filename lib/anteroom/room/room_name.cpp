#include <anteroom/base/text.hpp>
#include <anteroom/room/room_name.hpp>

#include <algorithm>

namespace anteroom {

bool is_presence_room(std::string_view name) noexcept {
    return name.size() > presence_suffix.size() && name.ends_with(presence_suffix);
}

bool is_brief_room(std::string_view name) noexcept {
    return name.size() > typing_suffix.size() && name.ends_with(typing_suffix);
}

bool is_room_name(std::string_view name) noexcept {
    auto const most = is_presence_room(name) ? max_room_name + presence_suffix.size() : max_room_name;
    if (name.empty() || name.size() > most)
        return false;
    bool const plain = std::all_of(name.begin(), name.end(), [](char c) { return c > 0x1F && c < 0x7F && c != '/'; });
    return plain || (name.find('/') == name.npos && is_utf8(name) && !has_control_character(name));
}

}  // namespace anteroom
