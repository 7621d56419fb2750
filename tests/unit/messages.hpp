// Messages without a room.
#pragma once

#include <anteroom/room/message.hpp>

namespace anteroom::unit {

inline message_ptr message_at(cursor at, std::int64_t time, draft const& what, memory_meter& meter) {
    auto made = message::make(what, meter);
    made->place(at, time);
    return made;
}

}  // namespace anteroom::unit
