// The JSON forms of messages, gaps and rooms.
#pragma once

#include <anteroom/room/room.hpp>

#include <string>
#include <string_view>

namespace anteroom::encode {

/// Appends text as a JSON string, quotes included. The text must be UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// A message as a JSON object: `{"id":…,"time":…,"from":…,"data":…}`. Made once a message.
std::string_view json(message const& of);

/// A gap as a JSON object: `{"room":…,"reason":…,"missed":…}`.
std::string json(gap const& of, std::string_view room);

/// What a publisher is told, as a JSON object: `{"id":…,"time":…,"subscribers":…}`.
std::string json(receipt const& of);

/// A room's facts as a JSON object.
std::string json(room_facts const& of);

/// The tail of an object that lists messages, from the end of the list: `],"next":…`, and `gaps` if there is one. The
/// caller closes the object.
void append_list_tail(std::string& out, batch const& of, std::string_view room);

/// Parses JSON and writes it again without needless white space; nothing if it is not JSON. Numbers keep their
/// spelling, and objects the order and the repetitions of their keys.
std::optional<std::string> compact_json(std::string_view text);

}  // namespace anteroom::encode
