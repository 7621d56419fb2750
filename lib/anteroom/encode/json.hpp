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

/// A message as a JSON object: `{"id":…,"time":…,"from":…,"data":…}`. For the shared encoding see frames.
std::string make_json(message const& of);
/// The start of the same object if it names its room: `{"room":…,`; the rest of the object follows.
std::string json_room_prefix(std::string_view room);

/// A gap as a JSON object: `{"room":…,"reason":…,"missed":…}`.
std::string json(gap const& of, std::string_view room);

/// The receipt for a publisher as a JSON object: `{"id":…,"time":…,"subscribers":…}`, or `ids` for a batch. With rooms,
/// in the order in which they were published to, each id is a cursor of several rooms.
std::string json(receipt const& of, bool batch, std::span<std::string_view const> rooms);

/// A room's facts as a JSON object.
std::string json(room_facts const& of);

/// Validates JSON and copies it without insignificant white space; nullopt if it is not JSON. Numbers keep their
/// spelling, objects the order and the duplicates of their keys.
std::optional<std::string> compact_json(std::string_view text);

/// A member of an object in compact JSON, as it is written there: `name` without its quotes, `value` with them.
struct member {
    std::string_view name;
    std::string_view value;
};
/// The members of an object, in order; nullopt if the text is not an object. It must be a result of compact_json().
std::optional<std::vector<member>> members(std::string_view compact);
/// Whether a member has that name, which may be written with escapes: `"d\u0061ta"` is `data`.
bool is_named(member const& what, std::string_view name);

/// The decoded text of a JSON string; nullopt if it is not a string. It must be a result of compact_json().
std::optional<std::string> string_value(std::string_view compact);

}  // namespace anteroom::encode
