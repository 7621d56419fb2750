// What a subscriber asks for, whatever the form in which it is answered.
#pragma once

#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/exclusive_clients.hpp>
#include <anteroom/room/follower.hpp>
#include <anteroom/room/place.hpp>
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

/// What is remembered of a poll of several rooms, so that the next on the connection can go on from it.
struct poll_request {
    std::string target;  // without the value of `after`, which was at `after_at`; npos: it came as Last-Event-ID
    std::size_t after_at = std::string::npos;
    std::string accept;
    std::string prefer;
};

/// All that is kept while a poll waits or a stream goes on.
struct subscription {
    follower rooms;
    milliseconds wait{};
    std::unique_ptr<attendance> who;  // if it gave `as` or `client`
    std::uint16_t limit = 1;
    form as = form::raw;
    bool from_origin : 1 = false;  // until the first look: a room's cursor is `0`
    bool several : 1 = false;      // the rooms are in the query: cursors and messages name theirs
    std::uint32_t header_id = 0;   // of a poll that may be gone on from: see poll

    /// Whether a newer poll of the same client has taken its place.
    bool superseded() const noexcept { return who && who->seat && who->seat->taken; }

    std::unique_ptr<places_text> text;      // where there are several: the places of `rooms`
    std::unique_ptr<poll_request> request;  // of a poll that may be gone on from

    /// Looks for news: see follower::look().
    news look(std::size_t most);
    /// Where a room's cursor is `0`, makes it the beginning of the life that the room has by now.
    void settle_origin();
    /// Moves behind the gaps and the first `count` messages of what was found.
    void take(news const& found, std::size_t count);

    /// Appends the cursor to go on from.
    void append_next(std::string& out) const;
    std::string next() const {
        std::string out;
        append_next(out);
        return out;
    }
};

}  // namespace anteroom
