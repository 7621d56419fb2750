// Publishing, whichever way it was asked for: by POST or over a WebSocket.
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

/// How that went: 201 and the receipt as JSON, or another status and what to do about it.
struct published {
    unsigned status = 201;
    std::string text;
};

/// Publishes; nothing where a publish with the same key is under way, and what was to be published is then as it was.
std::optional<published> publish(caller const& by, to_publish& what);
/// The same once the publishes with that key which are under way have an answer.
awaitable<published> publish_after_others(caller by, to_publish what);

/// Answers a publish by POST.
void send(http::session& client, published const& done);

/// A text or JSON message, or why it is none.
parsed<draft> text_draft(std::string_view body);
parsed<draft> json_draft(std::string_view body);

/// Why nobody publishes in one of the rooms, if that is so.
std::optional<bad_input> refused_room(std::span<std::string_view const> rooms);

}  // namespace anteroom
