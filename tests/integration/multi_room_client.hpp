// A client that reads several rooms and may change both the form and the rooms on every message.
#pragma once

#include "composite_cursor.hpp"
#include "endpoint.hpp"
#include "poll_response.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::integration {

enum class form { raw, json, ndjson, sse, websocket };
inline constexpr std::array all_forms{form::raw, form::json, form::ndjson, form::sse, form::websocket};

std::string_view name_of(form which);

/// The target of a call with these rooms in its query; `more` such as "wait=0".
std::string target_for_rooms(std::string_view call, std::vector<std::string> const& rooms, std::string_view more = "");

class multi_room_client {
  public:
    explicit multi_room_client(endpoint where) : where_{std::move(where)} {}

    /// The next messages and gaps of these rooms, at least one: from a poll at most `limit` messages, from a stream
    /// until received plus missed reach `limit`. Each message has its room, whatever the form. Throws harness_error if
    /// nothing arrives in time.
    struct batch {
        std::vector<message> messages;
        std::vector<gap> gaps;
    };
    batch next(form how, std::vector<std::string> const& rooms, std::size_t limit = 1);

    [[nodiscard]] composite_cursor& cursor() { return cursor_; }

  private:
    batch next_raw(std::vector<std::string> const& rooms);
    batch next_json(std::vector<std::string> const& rooms, std::size_t limit);
    template <class Client>
    batch read(Client& client, std::size_t limit);
    void update_cursor(std::string_view next);

    endpoint where_;
    composite_cursor cursor_;
};

}  // namespace anteroom::integration
