// What a subscriber asks for, whatever the form in which it is answered.
#pragma once

#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/seats.hpp>
#include <anteroom/room/follower.hpp>
#include <anteroom/room/presence.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace anteroom {

enum class form : std::uint8_t { raw, json, ndjson, sse, websocket };

/// What is kept of a subscriber who gave a name or an id of its own.
struct attendance {
    std::vector<presence::stay> stays;
    seat_ptr seat;
    std::string as;
};

/// All that is kept while a poll waits or a stream goes on.
struct subscription {
    follower rooms;
    milliseconds wait{};
    std::unique_ptr<attendance> who;  // if it gave `as` or `client`
    std::uint16_t limit = 1;
    form as = form::raw;
    bool several = false;  // the rooms are in the query: cursors and messages name theirs

    /// Whether a newer poll of the same client has taken its place.
    bool superseded() const noexcept { return who && who->seat && who->seat->taken; }

    /// Appends the cursor to go on from.
    void append_next(std::string& out) const;
    std::string next() const {
        std::string out;
        append_next(out);
        return out;
    }
};

}  // namespace anteroom
