// What several endpoints read from a call, and the one list that several answer with.
#pragma once

#include <anteroom/handlers/context.hpp>
#include <anteroom/handlers/parsed.hpp>
#include <anteroom/room/cursor.hpp>
#include <anteroom/room/follower.hpp>

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom {

/// How many rooms one call may name.
inline constexpr std::size_t max_rooms = 100;

/// The rooms that a call names: one in its path, or any number in its query, or the lobby.
struct room_names {
    boost::container::small_vector<std::string_view, 1> all;
    std::unique_ptr<std::string> decoded;  // what the first is a view of, if it had to be decoded
    bool several = false;                  // in the query, and be it one: cursors and messages name their room

    std::string_view front() const noexcept { return all.front(); }
    operator std::span<std::string_view const>() const noexcept { return {all.data(), all.size()}; }
};
parsed<room_names> read_rooms(call const& by);
/// Leaves out names that come again.
void remove_repeated(room_names& from);

/// The one room that a path names; the lobby where the route has none.
parsed<room_names> read_room(call const& by);

/// A parameter that is a cursor, if it is there.
parsed<std::optional<cursor>> read_cursor(std::string_view name, std::optional<std::string_view> text);

/// A parameter that is a whole number from `least` to `most`, or `otherwise` where it is not there.
parsed<std::uint64_t> read_number(http::target const& from, std::string_view name, std::uint64_t least,
                                  std::uint64_t most, std::uint64_t otherwise);

/// Whether a text may be an id that a client makes up (`client`, an Idempotency-Key): 1 to 128 visible ASCII
/// characters.
bool is_client_made(std::string_view id) noexcept;

/// The parameter `as`: the name of a publisher or a subscriber; empty where it is not there.
parsed<std::string> read_name(http::target const& from);

/// How the rooms of some news are called.
struct naming {
    follower const* of = nullptr;  // else `room` is the only one
    std::string_view room;
    bool in_messages = false;

    std::string_view operator()(std::uint32_t place) const noexcept {
        return of != nullptr ? std::string_view(of->room_at(place).name()) : room;
    }
};

/// Answers with messages as a JSON list: `{"messages":[…],"next":…}`, with `gaps` if there are any and `more_members`
/// (each with a comma before it) at the end, and with `more_fields` in the head. Every message is written from its one
/// encoding; what differs from answer to answer is written around them.
void send_list(http::session& client, news const& found, naming const& rooms, std::string_view next,
               std::string_view more_fields, std::string_view more_members);

}  // namespace anteroom
