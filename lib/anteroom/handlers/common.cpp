#include <anteroom/base/text.hpp>
#include <anteroom/base/utf8.hpp>
#include <anteroom/encode/frames.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/room/room_name.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace anteroom {

namespace {

constexpr std::size_t max_name = 64;
constexpr std::size_t max_client_made = 128;

bad_input bad_room_name() {
    return {400, fmt::format("a room's name is 1 to {} bytes of UTF-8 (percent-encoded in the path) without control "
                             "characters and '/'",
                             max_room_name)};
}

parsed<room_names> read_path(call const& by) {
    room_names out;
    if (!by.segment) {
        out.all.push_back(lobby);
    } else if (by.segment->find('%') == by.segment->npos) {
        out.all.push_back(*by.segment);
    } else if (auto name = percent_decode(*by.segment, false)) {
        out.decoded = std::make_unique<std::string>(std::move(*name));
        out.all.emplace_back(*out.decoded);
    }
    if (out.all.empty() || !is_room_name(out.front()))
        return bad_room_name();
    return out;
}

}  // namespace

http::response response_to(bad_input const& why) {
    auto answer = http::problem(why.status, why.detail);
    if (why.status == 503)
        http::add_field(answer.fields, "Retry-After", "1");
    return answer;
}

void send(http::session& client, bad_input const& why) {
    client.send(response_to(why));
}

parsed<room_names> read_rooms(call const& by) {
    room_names out;
    for (auto const& [name, value] : by.target().query()) {
        if (!name.starts_with('r') || name != "room")
            continue;
        if (!is_room_name(value))
            return bad_room_name();
        if (out.all.size() == max_rooms)
            return bad_input{400, fmt::format("one call may name {} rooms; ask for the others in another", max_rooms)};
        out.all.push_back(value);
    }
    if (out.all.empty())
        return read_path(by);
    if (by.segment)
        return bad_input{400, "name rooms in the path or in the query, not in both"};
    out.several = true;
    return out;
}

void remove_repeated(room_names& from) {
    if (from.all.size() == 1)
        return;
    auto sorted = from.all;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end())
        return;
    auto end = from.all.begin();
    for (auto const& each : from.all) {
        if (std::find(from.all.begin(), end, each) == end)
            *end++ = each;
    }
    from.all.erase(end, from.all.end());
}

parsed<room_names> read_room(call const& by) {
    // Better to refuse than to use a room other than the one that was meant.
    if (by.target().get("room"))
        return bad_input{400, "this call is about one room, in its path: /room/{room}/..."};
    return read_path(by);
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

bool is_client_made(std::string_view id) noexcept {
    return !id.empty() && id.size() <= max_client_made && is_visible_ascii(id);
}

parsed<std::string> read_name(http::target const& from) {
    auto const name = from.get("as");
    if (!name)
        return std::string();
    if (!is_utf8(*name) || name->empty() || utf8_length(*name) > max_name || has_control_character(*name))
        return bad_input{400, fmt::format("'as' must be 1 to {} characters without control characters", max_name)};
    if (has_hidden_character(*name) || !has_visible_character(*name))
        return bad_input{400, "'as' must have something to see in it, and no marks of zero width or of direction"};
    return std::string(*name);
}

void send_list(http::session& client, delta const& found, room_labels const& rooms, std::string_view next,
               std::string_view more_fields, std::string_view more_members) {
    std::string tail = R"(],"next":")";
    tail.append(next).append("\"");
    if (!found.gaps.empty()) {
        tail += R"(,"gaps":[)";
        for (auto const& each : found.gaps)
            tail.append(encode::json(each.what, rooms(each.place))).append(",");
        tail.back() = ']';
    }
    tail.append(more_members).append("}");

    client.charge(found.messages.size() / 32);
    static constexpr std::string_view start = R"({"messages":[)";
    std::size_t length = start.size() + tail.size();
    std::vector<std::string> prefixes;
    prefixes.reserve(rooms.in_messages ? found.messages.size() : 0);
    std::vector<http::part> parts;
    parts.reserve(4 + 3 * found.messages.size());
    parts.resize(2);
    parts.push_back({start});
    for (auto const& each : found.messages) {
        if (parts.size() > 3) {
            parts.push_back({","});
            ++length;
        }
        encode::frames const encoded(*each.what);
        if (rooms.in_messages) {
            prefixes.push_back(encode::json_room_prefix(rooms(each.place)));
            parts.push_back({prefixes.back()});
            parts.push_back({encoded.json_rest(), each.what});
            length += prefixes.back().size() + encoded.json_rest().size();
        } else {
            parts.push_back({encoded.json(), each.what});
            length += encoded.json().size();
        }
    }
    parts.push_back({tail});

    std::string head;
    head += "Content-Type: application/json\r\nContent-Length: ";
    head += fmt::format_int(length).str();
    head += "\r\nLast-Event-ID: ";
    head += next;
    head += "\r\nCache-Control: no-store\r\n";
    head += http::not_embedded_fields;
    head += "\r\n";
    parts[1].bytes = head;
    client.send(more_fields, parts);
}

}  // namespace anteroom
