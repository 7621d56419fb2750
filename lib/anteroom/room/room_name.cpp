#include <anteroom/room/room_name.hpp>

#include <anteroom/base/text.hpp>

namespace anteroom {

bool is_room_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= max_room_name && name.find('/') == name.npos && is_utf8(name) &&
           !has_control_character(name);
}

}  // namespace anteroom
