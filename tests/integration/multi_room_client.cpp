#include "multi_room_client.hpp"

#include "harness_error.hpp"
#include "http_client.hpp"
#include "room_client.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <optional>

namespace anteroom::integration {
namespace {

stream_item next_item(stream_client& from) {
    auto item = from.next();
    if (!item) {
        throw harness_error{"the stream has ended"};
    }
    return std::move(*item);
}

stream_item next_item(websocket_client& from) {
    return from.next_item();
}

}  // namespace

std::string_view name_of(form which) {
    constexpr std::array<std::string_view, 5> names{"raw", "JSON", "NDJSON", "SSE", "WebSocket"};
    return names.at(static_cast<std::size_t>(which));
}

std::string several_target(std::string_view call, std::vector<std::string> const& rooms, std::string_view more) {
    std::string target{call};
    for (auto const& room : rooms) {
        target += (target.size() == call.size() ? "?room=" : "&room=") + percent_encoded(room);
    }
    return more.empty() ? target : target + "&" + std::string{more};
}

// A room that is not asked for keeps its place.
void follower::go_on(std::string_view next) {
    auto const places = composite_cursor{next};
    cursor_.merge(places);
}

follower::batch follower::next_raw(std::vector<std::string> const& rooms) {
    http_client client{where_};
    auto const answer = client.exchange(get(several_target("/subscribe", rooms), {{"Last-Event-ID", cursor_.text()}}));
    batch found;
    for (auto missed : parse_gap_headers(answer)) {
        missed.room = percent_decoded(missed.room);
        found.gaps.push_back(std::move(missed));
    }
    go_on(answer.header("Last-Event-ID"));
    if (answer.status == 200) {
        auto const room = percent_decoded(answer.header("Room"));
        found.messages.push_back(
            {.id = cursor_.at(room), .from = {}, .data = boost::json::value(answer.body), .room = room});
    } else if (answer.status != 204) {
        throw harness_error{"no answer of a poll: " + answer.text()};
    }
    return found;
}

follower::batch follower::next_json(std::vector<std::string> const& rooms, std::size_t limit) {
    http_client client{where_};
    auto const more = "limit=" + std::to_string(limit);
    auto answer = parse_poll_answer(client.exchange(
        get(several_target("/subscribe", rooms, more), {{"Accept", json_type}, {"Last-Event-ID", cursor_.text()}})));
    go_on(answer.next);
    return {std::move(answer.messages), std::move(answer.gaps)};
}

template <class Client>
follower::batch follower::read(Client& client, std::size_t limit) {
    batch found;
    std::uint64_t missed = 0;
    while (found.messages.size() + missed < limit) {
        auto item = next_item(client);
        if (item.next.find('@') != std::string::npos) {
            go_on(item.next);
        }
        if (item.is == stream_item::kind::message) {
            cursor_.set(item.what.room.value(), item.what.id);
            found.messages.push_back(std::move(item.what));
        } else if (item.is == stream_item::kind::gap) {
            missed += item.missed.missed.value_or(0);
            found.gaps.push_back(std::move(item.missed));
        }
    }
    return found;
}

follower::batch follower::next(form how, std::vector<std::string> const& rooms, std::size_t limit) {
    auto const target = several_target("/subscribe", rooms);
    auto const headers = header_list{{"Last-Event-ID", cursor_.text()}};
    switch (how) {
        case form::raw:
            return next_raw(rooms);
        case form::json:
            return next_json(rooms, limit);
        case form::ndjson:
        case form::sse: {
            stream_client client{where_, target, how == form::sse ? sse_type : ndjson_type, headers};
            go_on(client.head().header("Last-Event-ID"));
            return read(client, limit);
        }
        case form::websocket: {
            websocket_client client{where_, target, headers};
            go_on(client.handshake().header("Last-Event-ID"));
            return read(client, limit);
        }
    }
    return {};
}

}  // namespace anteroom::integration
