// GET /room/{room}/messages: the messages that the room has kept, without waiting.
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/endpoints.hpp>

namespace anteroom {

namespace {

// For a room that is not in use: only publishing and subscribing create a room.
batch nothing_kept(cursor beginning, std::optional<cursor> from) {
    batch out;
    out.next = beginning;
    if (from && !from->is_origin() && *from != beginning)
        out.missed = gap{gap_reason::restarted, std::nullopt};
    return out;
}

}  // namespace

void get_messages(call const& by) {
    auto const name = read_room(by);
    auto const after = read_cursor("after", by.target().get("after"));
    auto const before = read_cursor("before", by.target().get("before"));
    auto const limit = read_number(by.target(), "limit", 1, 1000, 100);
    for (auto const* error : {name ? nullptr : &name.error(), after ? nullptr : &after.error(),
                              before ? nullptr : &before.error(), limit ? nullptr : &limit.error()}) {
        if (error) {
            send(by.client, *error);
            return;
        }
    }
    if (*after && *before) {
        send(by.client, bad_input{400, "give 'after' or 'before', not both"});
        return;
    }

    batch found;
    if (auto const room = by.app.rooms.find(name->front()))
        found = *after ? room->read(**after, *limit) : room->before(*before, *limit);
    else
        found = nothing_kept(by.app.rooms.beginning(name->front()), *after ? *after : *before);

    delta page;
    if (found.missed)
        page.gaps.push_back({*found.missed, 0, found.next});
    for (auto& each : found.messages)
        page.messages.push_back({std::move(each), 0});
    send_list(by.client, page, {nullptr, name->front()}, to_string(found.next), {},
              found.more ? R"(,"more":true)" : R"(,"more":false)");
    by.app.rooms.keep_to_budget();
}

}  // namespace anteroom
