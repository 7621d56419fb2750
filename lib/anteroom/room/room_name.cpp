#include <anteroom/base/text.hpp>
#include <anteroom/room/room_name.hpp>

#include <algorithm>

namespace anteroom {

bool is_room_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > max_room_name)
        return false;
    bool const plain = std::all_of(name.begin(), name.end(), [](char c) { return c > 0x1F && c < 0x7F && c != '/'; });
    return plain || (name.find('/') == name.npos && is_utf8(name) && !has_control_character(name));
}

}  // namespace anteroom
