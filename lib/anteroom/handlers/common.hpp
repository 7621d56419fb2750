// What several endpoints read from a call: a room, a cursor, a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <anteroom/handlers/api.hpp>
#include <anteroom/http/response.hpp>
#include <anteroom/room/cursor.hpp>

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
    parsed(T value) : value_(std::move(value)) {}
    parsed(bad_input why) : why_(std::move(why)) {}

    explicit operator bool() const noexcept { return value_.has_value(); }
    T& operator*() noexcept { return *value_; }
    T const& operator*() const noexcept { return *value_; }
    T* operator->() noexcept { return &*value_; }
    bad_input const& error() const noexcept { return why_; }

  private:
    std::optional<T> value_;
    bad_input why_{};
};

/// Answers with the problem.
void send(http::session& client, bad_input const& why);

/// The room that a path names; the lobby where the route has none.
parsed<std::string> read_room(call const& by);

/// A parameter that is a cursor, if it is there.
parsed<std::optional<cursor>> read_cursor(std::string_view name, std::optional<std::string_view> text);

/// A parameter that is a whole number from `least` to `most`, or `otherwise` where it is not there.
parsed<std::uint64_t> read_number(http::target const& from, std::string_view name, std::uint64_t least, std::uint64_t most,
                                  std::uint64_t otherwise);

}  // namespace anteroom
