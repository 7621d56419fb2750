#include "multi_room_client.hpp"

#include "harness_error.hpp"
#include "http_client.hpp"
#include "room_client.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <optional>

namespace anteroom::integration {
namespace {

stream_event next_event(stream_client& from) {
    auto event = from.next();
    if (!event) {
        throw harness_error{"the stream has ended"};
    }
    return std::move(*event);
}

stream_event next_event(websocket_client& from) {
    return from.next_event();
}

}  // namespace

std::string_view name_of(form which) {
    constexpr std::array<std::string_view, 5> names{"raw", "JSON", "NDJSON", "SSE", "WebSocket"};
    return names.at(static_cast<std::size_t>(which));
}

std::string target_for_rooms(std::string_view call, std::vector<std::string> const& rooms, std::string_view more) {
    std::string target{call};
    for (auto const& room : rooms) {
        target += (target.size() == call.size() ? "?room=" : "&room=") + percent_encoded(room);
    }
    return more.empty() ? target : target + "&" + std::string{more};
}

// A room that is not in `next` keeps its cursor.
void multi_room_client::update_cursor(std::string_view next) {
    cursor_.merge(composite_cursor{next});
}

multi_room_client::batch multi_room_client::next_raw(std::vector<std::string> const& rooms) {
    http_client client{where_};
    auto const answer =
        client.exchange(get(target_for_rooms("/subscribe", rooms), {{"Last-Event-ID", cursor_.text()}}));
    batch found;
    for (auto missed : parse_gap_headers(answer)) {
        missed.room = percent_decoded(missed.room);
        found.gaps.push_back(std::move(missed));
    }
    update_cursor(answer.header("Last-Event-ID"));
    if (answer.status == 200) {
        auto const room = percent_decoded(answer.header("Room"));
        found.messages.push_back(
            {.id = cursor_.at(room), .from = {}, .data = boost::json::value(answer.body), .room = room});
    } else if (answer.status != 204) {
        throw harness_error{"not a response to a poll: " + answer.text()};
    }
    return found;
}

multi_room_client::batch multi_room_client::next_json(std::vector<std::string> const& rooms, std::size_t limit) {
    http_client client{where_};
    auto const more = "limit=" + std::to_string(limit);
    auto answer = parse_poll_response(client.exchange(
        get(target_for_rooms("/subscribe", rooms, more), {{"Accept", json_type}, {"Last-Event-ID", cursor_.text()}})));
    update_cursor(answer.next);
    return {std::move(answer.messages), std::move(answer.gaps)};
}

template <class Client>
multi_room_client::batch multi_room_client::read(Client& client, std::size_t limit) {
    batch found;
    std::uint64_t missed = 0;
    while (found.messages.size() + missed < limit) {
        auto event = next_event(client);
        if (event.next.find('@') != std::string::npos) {
            update_cursor(event.next);
        }
        if (event.is == stream_event::kind::message) {
            cursor_.set(event.what.room.value(), event.what.id);
            found.messages.push_back(std::move(event.what));
        } else if (event.is == stream_event::kind::gap) {
            missed += event.missed.missed.value_or(0);
            found.gaps.push_back(std::move(event.missed));
        }
    }
    return found;
}

multi_room_client::batch multi_room_client::next(form how, std::vector<std::string> const& rooms, std::size_t limit) {
    auto const target = target_for_rooms("/subscribe", rooms);
    auto const headers = header_list{{"Last-Event-ID", cursor_.text()}};
    switch (how) {
        case form::raw:
            return next_raw(rooms);
        case form::json:
            return next_json(rooms, limit);
        case form::ndjson:
        case form::sse: {
            stream_client client{where_, target, how == form::sse ? sse_type : ndjson_type, headers};
            update_cursor(client.head().header("Last-Event-ID"));
            return read(client, limit);
        }
        case form::websocket: {
            websocket_client client{where_, target, headers};
            update_cursor(client.handshake().header("Last-Event-ID"));
            return read(client, limit);
        }
    }
    return {};
}

}  // namespace anteroom::integration
