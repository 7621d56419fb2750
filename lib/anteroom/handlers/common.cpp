#include <anteroom/base/text.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/room/room_name.hpp>

#include <fmt/format.h>

namespace anteroom {

void send(http::session& client, bad_input const& why) {
    client.send(http::problem(why.status, why.detail));
}

parsed<room_text> read_room(call const& by) {
    // Better none than another than was meant.
    if (by.target.get("room"))
        return bad_input{400, "this version takes one room a call, in the path: /room/{room}/…"};
    if (!by.segment)
        return room_text(lobby);
    if (by.segment->find('%') == by.segment->npos) {
        if (is_room_name(*by.segment))
            return room_text(*by.segment);
    } else if (auto name = percent_decode(*by.segment, false); name && is_room_name(*name)) {
        return room_text(std::move(*name));
    }
    return bad_input{400, fmt::format("a room's name is 1 to {} bytes of UTF-8 (percent-encoded in the path) without "
                                      "control characters and '/'",
                                      max_room_name)};
}

parsed<std::optional<cursor>> read_cursor(std::string_view name, std::optional<std::string_view> text) {
    if (!text)
        return std::optional<cursor>();
    auto const at = parse_cursor(*text);
    if (!at)
        return bad_input{
            400, fmt::format("'{}' must be a cursor as the server gave it (a message's id, a 'next'), or 0", name)};
    return std::optional<cursor>(*at);
}

parsed<std::uint64_t> read_number(http::target const& from, std::string_view name, std::uint64_t least,
                                  std::uint64_t most, std::uint64_t otherwise) {
    auto const text = from.get(name);
    if (!text)
        return otherwise;
    auto const number = parse_decimal(*text);
    if (!number || *number < least || *number > most)
        return bad_input{400, fmt::format("'{}' must be a whole number from {} to {}", name, least, most)};
    return *number;
}

void send_list(http::session& client, batch const& found, std::string_view room, std::string_view more_fields,
               std::string_view more_members) {
    std::string tail;
    encode::append_list_tail(tail, found, room);
    tail += more_members;
    tail += '}';

    static constexpr std::string_view start = R"({"messages":[)";
    std::size_t length = start.size() + tail.size();
    for (auto const& each : found.messages)
        length += encode::json(*each).size() + 1;
    if (!found.messages.empty())
        --length;  // no comma after the last

    std::string head;
    head += "Content-Type: application/json\r\nContent-Length: ";
    head += fmt::format_int(length).str();
    head += "\r\nLast-Event-ID: ";
    append(head, found.next);
    head += "\r\nCache-Control: no-store\r\n\r\n";

    std::vector<http::part> parts;
    parts.reserve(4 + 2 * found.messages.size());
    parts.emplace_back();
    parts.push_back({head});
    parts.push_back({start});
    for (auto const& each : found.messages) {
        if (parts.size() > 3)
            parts.push_back({","});
        parts.push_back({encode::json(*each), each});
    }
    parts.push_back({tail});
    client.send(more_fields, parts);
}

}  // namespace anteroom
