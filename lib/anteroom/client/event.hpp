// What comes over the wire, whatever the transport, as one kind of thing.
#pragma once

#include <anteroom/client/message.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace anteroom::client {

/// The cursor moved, and nothing else happened.
struct moved {};
/// A newer subscriber with the same `client` id took over.
struct superseded {};

/// One thing that a subscriber is told. `next`, where it is not empty, is the cursor after it; a message without one
/// moves its own room's cursor to its id.
struct item {
    std::variant<moved, message, gap, superseded> what;
    std::string next;
};

/// What an answer to a JSON poll says; the items end with one that moves the cursor.
struct poll_page {
    std::vector<item> items;
    bool draining = false;
};

/// Reads the answer to a JSON poll; false where it is none.
bool read_poll(std::string_view body, poll_page& into);

/// Reads a line of an NDJSON stream or a frame of a WebSocket, and appends what it says: nothing for a keep-alive, an
/// ack or what this version does not know. False where it is not JSON of that kind.
bool read_line(std::string_view line, std::vector<item>& into);

/// Reads a gap, as it stands in an SSE event.
bool read_gap(std::string_view text, gap& into);

/// Reads a message.
bool read_message(std::string_view text, message& into);

}  // namespace anteroom::client
