// Publishing, by POST or over a WebSocket.
#pragma once

#include <anteroom/handlers/common.hpp>
#include <anteroom/room/message.hpp>

#include <boost/container/small_vector.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// What is to be published.
struct to_publish {
    boost::container::small_vector<std::string, 1> rooms;
    std::vector<draft> what;
    std::string key;       // the Idempotency-Key, if any
    bool several = false;  // the ids are cursors of several rooms
    bool batch = false;    // there may be more than one message
};

/// The result: 201 and the receipt as JSON, or another status and what the client can do about it.
struct published {
    unsigned status = 201;
    std::string text;
};

/// Publishes; returns nullopt if a publish with the same key is in progress.
std::optional<published> publish(caller const& by, to_publish const& what);
/// The same, after publishes with that key that are in progress have been answered.
awaitable<published> publish_after_others(caller by, to_publish what);

/// Responds to a publish by POST.
void send(http::session& client, published const& done);

/// A text or JSON message, or the reason why it is invalid.
parsed<draft> text_draft(std::string_view body);
parsed<draft> json_draft(std::string_view body);

/// The error if clients may not publish in one of the rooms.
std::optional<bad_input> refused_room(std::span<std::string_view const> rooms);

}  // namespace anteroom
