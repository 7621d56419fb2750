// Parsing that several endpoints share, and the message list that several respond with.
#pragma once

#include <anteroom/handlers/context.hpp>
#include <anteroom/handlers/parsed.hpp>
#include <anteroom/room/cursor.hpp>
#include <anteroom/room/subscription_cursor.hpp>

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom {

/// The maximum number of rooms in one call.
inline constexpr std::size_t max_rooms = 100;

/// The rooms that a call names: one in its path, or any number in its query, or the lobby.
struct room_names {
    boost::container::small_vector<std::string_view, 1> all;
    std::unique_ptr<std::string> decoded;  // what the first name is a view of, if it had to be decoded
    bool several = false;  // given in the query, even if there is only one: cursors and messages name their room

    std::string_view front() const noexcept { return all.front(); }
    operator std::span<std::string_view const>() const noexcept { return {all.data(), all.size()}; }
};
parsed<room_names> read_rooms(call const& by);
/// Removes duplicate names.
void remove_repeated(room_names& from);

/// The one room that a path names; the lobby if the route has none.
parsed<room_names> read_room(call const& by);

/// A parameter that is a cursor, if it is present.
parsed<std::optional<cursor>> read_cursor(std::string_view name, std::optional<std::string_view> text);

/// A parameter that is an integer from `least` to `most`, or `otherwise` if it is absent.
parsed<std::uint64_t> read_number(http::target const& from, std::string_view name, std::uint64_t least,
                                  std::uint64_t most, std::uint64_t otherwise);

/// Whether a text is valid as an id chosen by a client (`client`, an Idempotency-Key): 1 to 128 visible ASCII
/// characters.
bool is_client_made(std::string_view id) noexcept;

/// The parameter `as`: the name of a publisher or a subscriber; empty if it is absent.
parsed<std::string> read_name(http::target const& from);

/// The names of the rooms in a delta.
struct room_labels {
    subscription_cursor const* of = nullptr;  // null: `room` is the only one
    std::string_view room;
    bool in_messages = false;

    std::string_view operator()(std::uint32_t place) const noexcept {
        return of != nullptr ? std::string_view(of->room_at(place).name()) : room;
    }
};

/// Responds with messages as a JSON list: `{"messages":[…],"next":…}`, with `gaps` if there are any and `more_members`
/// (each preceded by a comma) at the end, and with `more_fields` in the head. Every message is sent from its shared
/// encoding; only the parts that differ from response to response are generated around it.
void send_list(http::session& client, delta const& found, room_labels const& rooms, std::string_view next,
               std::string_view more_fields, std::string_view more_members);

}  // namespace anteroom
