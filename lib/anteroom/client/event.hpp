// What the server sends to a subscriber, as one type for every transport.
#pragma once

#include <anteroom/client/message.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace anteroom::client {

/// The cursor advanced, with no message or gap.
struct cursor_moved {};
/// A newer subscriber with the same `client` id took over.
struct superseded {};

/// One event of a subscription. `next`, unless it is empty, is the cursor after it; a message without `next` advances
/// the cursor of its own room to its id.
struct event {
    std::variant<cursor_moved, message, gap, superseded> what;
    std::string next;
};

/// The response to a JSON poll; the events end with one that sets the cursor (and `superseded`, if it applies).
struct poll_response {
    std::vector<event> events;
    bool draining = false;
};

/// Parses the response to a JSON poll; false if it is not one.
bool parse_poll_response(std::string_view body, poll_response& into);

/// Parses a line of an NDJSON stream or a text frame of a WebSocket, and appends its event: none for a keep-alive, an
/// ack or anything that this version does not know. False if it is not JSON of that kind.
bool parse_line(std::string_view line, std::vector<event>& into);

/// Parses a gap, which is the data of an SSE event `gap`.
bool parse_gap(std::string_view text, gap& into);

/// Parses a message.
bool parse_message(std::string_view text, message& into);

}  // namespace anteroom::client
