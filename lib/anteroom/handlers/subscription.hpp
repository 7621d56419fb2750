// A subscription, independent of the format in which it is answered.
#pragma once

#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/exclusive_clients.hpp>
#include <anteroom/room/composite_cursor.hpp>
#include <anteroom/room/presence.hpp>
#include <anteroom/room/subscription_cursor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace anteroom {

enum class form : std::uint8_t { raw, json, ndjson, sse, websocket };

/// Kept only for a subscriber that gave a name or a client id.
struct attendee {
    std::vector<presence::stay> stays;
    exclusive_client_ptr exclusive;
    std::string as;
};

/// Kept for a poll of several rooms, so that the next poll on the connection can continue from it.
struct poll_request {
    std::string
        target;  // without the value of `after`, whose position is `after_at`; npos: it was sent as Last-Event-ID
    std::size_t after_at = std::string::npos;
    std::optional<std::string> accept;
    std::optional<std::string> prefer;
    bool may_be_literal = false;  // the cursor's text means the same in a query without being encoded for that
};

/// Everything that is kept while a poll waits or a stream is open.
struct subscription {
    subscription_cursor rooms;
    milliseconds wait{};
    std::unique_ptr<attendee> who;  // if the request has `as` or `client`
    std::uint16_t limit = 1;
    form as = form::raw;
    bool from_origin : 1 = false;     // until the first read: a room's cursor is `0`
    bool wait_preferred : 1 = false;  // `wait` comes from the field Prefer
    bool several : 1 = false;         // the rooms are in the query: cursors and messages name theirs
    std::uint32_t header_id = 0;      // if the next poll may continue from this one: see poll

    /// Whether a newer poll of the same client has superseded it.
    bool superseded() const noexcept { return who && who->exclusive && who->exclusive->superseded; }

    std::unique_ptr<composite_cursor> text;  // with several rooms: their composite cursor
    std::unique_ptr<poll_request> request;   // if the next poll may continue from this one

    /// Reads a delta: see subscription_cursor::read().
    delta read(std::size_t most);
    /// If a room's cursor is `0`, replaces it with the beginning of the room's present life.
    void settle_origin();
    /// Advances past the gaps and the first `count` messages of the delta.
    void advance(delta const& found, std::size_t count);

    /// The memory, in bytes, that it takes beside itself; 0 if that is as little as it mostly is.
    std::size_t memory() const noexcept;

    /// Appends the cursor to continue from.
    void append_next(std::string& out) const;
    std::string next() const {
        std::string out;
        append_next(out);
        return out;
    }
};

}  // namespace anteroom
