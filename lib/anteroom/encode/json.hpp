// The JSON forms of messages, gaps and rooms.
#pragma once

#include <anteroom/room/hub.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::encode {

/// Appends text as a JSON string, quotes included. The text must be UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// A message as a JSON object: `{"id":…,"time":…,"from":…,"data":…}`. For the encoding that is shared see frames.
std::string make_json(message const& of);
/// The start of the same object where it names its room: `{"room":…,`; the rest of the object follows.
std::string json_room_prefix(std::string_view room);

/// A gap as a JSON object: `{"room":…,"reason":…,"missed":…}`.
std::string json(gap const& of, std::string_view room);

/// What a publisher is told, as a JSON object: `{"id":…,"time":…,"subscribers":…}`, or `ids` for a batch. With rooms,
/// in the order in which they were published to, each id is a cursor of several rooms.
std::string json(receipt const& of, bool batch, std::span<std::string_view const> rooms);

/// A room's facts as a JSON object.
std::string json(room_facts const& of);

/// Parses JSON and writes it again without needless white space; nothing if it is not JSON. Numbers keep their
/// spelling, and objects the order and the repetitions of their keys.
std::optional<std::string> compact_json(std::string_view text);

/// A member of an object in compact JSON, as it stands there: `name` without its quotes, `value` with them.
struct member {
    std::string_view name;
    std::string_view value;
};
/// The members of an object, in order; nothing where the text is no object. It must be what compact_json() gives.
std::optional<std::vector<member>> members(std::string_view compact);

/// The text that a JSON string stands for; nothing where it is no string. It must be what compact_json() gives.
std::optional<std::string> string_value(std::string_view compact);

}  // namespace anteroom::encode
