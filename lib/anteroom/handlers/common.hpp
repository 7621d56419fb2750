// What several endpoints read from a call: a room, a cursor, a number.
#pragma once

#include <anteroom/handlers/api.hpp>
#include <anteroom/http/response.hpp>
#include <anteroom/room/cursor.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace anteroom {

/// Input that cannot be used: what the answer is to be.
struct bad_input {
    unsigned status;
    std::string detail;
};

/// A value, or why there is none. (std::expected is a matter of C++23.)
template <class T>
class parsed {
  public:
    parsed(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}
    parsed(bad_input why) : outcome_(std::in_place_index<1>, std::move(why)) {}

    explicit operator bool() const noexcept { return outcome_.index() == 0; }
    T& operator*() noexcept { return *std::get_if<0>(&outcome_); }
    T const& operator*() const noexcept { return *std::get_if<0>(&outcome_); }
    T* operator->() noexcept { return std::get_if<0>(&outcome_); }
    bad_input const& error() const noexcept { return *std::get_if<1>(&outcome_); }

  private:
    std::variant<T, bad_input> outcome_;
};

/// Answers with the problem.
void send(http::session& client, bad_input const& why);

/// A room's name, which most often is a piece of the target.
class room_text {
  public:
    explicit room_text(std::string_view as_written) noexcept : written_(as_written) {}
    explicit room_text(std::string&& decoded) noexcept : decoded_(std::move(decoded)) {}
    operator std::string_view() const noexcept { return decoded_.empty() ? written_ : std::string_view(decoded_); }

  private:
    std::string_view written_;
    std::string decoded_;
};

/// Answers with messages as a JSON list: `{"messages":[…],"next":…}`, with `gaps` if there is one and `more_members`
/// (each with a comma before it) at the end, and with `more_fields` in the head. Every message is written from its one
/// encoding; what differs from answer to answer is written around them.
void send_list(http::session& client, batch const& found, std::string_view room, std::string_view more_fields,
               std::string_view more_members);

/// The room that a path names; the lobby where the route has none.
parsed<room_text> read_room(call const& by);

/// A parameter that is a cursor, if it is there.
parsed<std::optional<cursor>> read_cursor(std::string_view name, std::optional<std::string_view> text);

/// A parameter that is a whole number from `least` to `most`, or `otherwise` where it is not there.
parsed<std::uint64_t> read_number(http::target const& from, std::string_view name, std::uint64_t least,
                                  std::uint64_t most, std::uint64_t otherwise);

}  // namespace anteroom
