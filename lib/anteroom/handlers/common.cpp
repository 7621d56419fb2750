#include <anteroom/base/text.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/room/room_name.hpp>

#include <fmt/format.h>

namespace anteroom {

void send(http::session& client, bad_input const& why) {
    client.send(http::problem(why.status, why.detail));
}

parsed<room_text> read_room(call const& by) {
    if (by.segment.empty())
        return room_text(lobby);
    if (by.segment.find('%') == by.segment.npos) {
        if (is_room_name(by.segment))
            return room_text(by.segment);
    } else if (auto name = percent_decode(by.segment, false); name && is_room_name(*name)) {
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

}  // namespace anteroom
