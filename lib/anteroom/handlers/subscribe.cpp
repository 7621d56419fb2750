// GET /room/{room}/subscribe: long polling; the streaming formats are in stream.cpp and websocket.cpp.
#include <anteroom/encode/raw.hpp>
#include <anteroom/handlers/endpoints.hpp>
#include <anteroom/handlers/jitter.hpp>
#include <anteroom/handlers/subscribing.hpp>

#include <fmt/format.h>

#include <array>
#include <utility>

namespace anteroom {

namespace {

using http::stop_reason;

// RFC 7240, 3: that `Prefer: wait` decides how long the poll waits, and what came of it. Empty if it does not.
std::string applied_preference(subscription const& asked) {
    std::string out;
    if (asked.wait_preferred) {
        auto text = fmt::format("wait={}.{:03}", asked.wait.count() / 1000, asked.wait.count() % 1000);
        text.resize(text.find_last_not_of('0') + 1);
        if (text.back() == '.')
            text.pop_back();
        http::add_field(out, "Preference-Applied", text);
    }
    return out;
}

// `asked` has already advanced past what was found.
void send_raw(http::session& client, subscription const& asked, delta const& found, std::string fields = {}) {
    room_labels const rooms{&asked.rooms, {}, asked.several};
    for (auto const& each : found.gaps)
        http::add_field(fields, "Gap",
                        encode::gap_field(each.what, asked.several ? rooms(each.place) : std::string_view()));
    if (found.messages.empty()) {
        http::response nothing;
        nothing.status = 204;
        nothing.fields = std::move(fields);
        http::add_field(nothing.fields, "Last-Event-ID", asked.next());
        http::add_field(nothing.fields, "Cache-Control", "no-store");
        client.send(nothing);
        return;
    }
    auto const& only = found.messages.front();
    std::string_view head = encode::raw_head(*only.what);
    std::string several;
    if (asked.several) {
        several = encode::raw_head_in(*only.what, rooms(only.place), asked.next());
        head = several;
    }
    // The head is short: copying it if a socket is full is cheaper than reference-counting its owner in all other
    // cases.
    std::array<http::part, 3> parts{http::part{}, http::part{head}, http::part{only.what->data(), only.what}};
    client.send(fields, parts);
}

void send_json(http::session& client, subscription const& asked, delta const& found, std::string_view fields = {},
               std::string_view members = {}) {
    send_list(client, found, {&asked.rooms, {}, asked.several}, asked.next(), fields, members);
}

// Reads a delta, and responds with it unless it is empty; returns whether it did.
bool answer_if_any(http::session& client, subscription& asked) {
    if (asked.rooms.unchanged())
        return false;
    if (asked.several)
        client.charge(asked.rooms.size() / 8);
    auto const found = asked.read(asked.limit);
    if (found.empty())
        return false;
    asked.advance(found, found.messages.size());
    if (!client.draining() || !asked.rooms.all_at_end())
        client.expect_poll();
    client.shard().count(counter::messages_sent, found.messages.size());
    client.shard().count(counter::gaps_reported, found.gaps.size());
    if (asked.as == form::raw)
        send_raw(client, asked, found, applied_preference(asked));
    else
        send_json(client, asked, found, applied_preference(asked));
    return true;
}

// When a large crowd is behind, each of its polls has something to get: answering each as soon as it is read would
// delay all others until every one of them is answered. So such polls are read first and answered in portions,
// round-robin with other rooms.
bool has_to_take_turns(http::session& client, subscription const& asked) {
    constexpr std::size_t crowd = 256;  // a smaller crowd does not delay others for long
    return client.others_wait() && asked.rooms.size() == 1 && asked.rooms.room_at(0).leases() > crowd &&
           asked.wait > milliseconds(0) && !client.draining() && !asked.rooms.at_end();
}

// No message arrived in time; or a newer poll has superseded this one; or the server is shutting down, and the client
// is asked to retry, after a random delay so that not all clients return at once.
void answer_nothing(http::session& client, subscription const& asked) {
    auto fields = applied_preference(asked);
    std::string_view members;
    if (asked.superseded()) {
        members = R"(,"superseded":true)";
        if (asked.as == form::raw)
            http::add_field(fields, "Superseded", "?1");
    } else if (client.draining()) {
        members = R"(,"draining":true)";
        http::add_field(fields, "Retry-After", std::to_string(jitter(1, 5)));
    }
    if (asked.as == form::raw)
        send_raw(client, asked, {}, std::move(fields));
    else
        send_json(client, asked, {}, fields, members);
}

/// Waits for the turn of a poll that has to take turns.
awaitable<> take_turn(caller to, subscription* asked) {
    co_await asked->rooms.async_turn(to.shard(), to.client.stoppable());
}

/// The core of the server: read from the subscriber's own cursor; if there is nothing new, wait until the room changes.
awaitable<> long_poll(caller to, std::unique_ptr<poll> asking, bool in_turn) {
    auto& asked = asking->asked();
    to.client.hold(asked.memory());
    to.client.stop_after(asked.wait);
    if (in_turn)
        co_await take_turn(to, &asked);
    for (;;) {
        auto const stopped = to.client.stopped();  // timeout, hang-up, drain, or superseded
        if (stopped == stop_reason::hung_up)
            co_return;
        if (!asked.superseded() && answer_if_any(to.client, asked))
            break;
        if (stopped != stop_reason::none) {
            answer_nothing(to.client, asked);
            break;
        }
        co_await asked.rooms.async_wait(to.shard(), to.client.stoppable());
    }
    poll::keep_for_next(to.client, std::move(asking));
}

}  // namespace

awaitable<> answer_poll(caller to, std::unique_ptr<poll> asking) {
    auto& asked = asking->asked();
    if (has_to_take_turns(to.client, asked))
        return long_poll(to, std::move(asking), true);
    // A poll for which there are new messages is answered without a coroutine.
    if (answer_if_any(to.client, asked))
        to.app.rooms.keep_to_budget();
    else if (asked.wait == milliseconds(0) || to.client.draining())
        answer_nothing(to.client, asked);
    else
        return long_poll(to, std::move(asking), false);
    poll::keep_for_next(to.client, std::move(asking));
    return {};
}

awaitable<> get_subscribe(call by) {
    std::optional<http::websocket_handshake> hands;
    if (http::asks_for_websocket(*by.request)) {
        hands = accept_websocket(by);
        if (!hands)
            return {};
    }
    auto asked = read_subscription(by);
    if (!asked) {
        send(by.client, asked.error());
        return {};
    }
    switch (asked->as) {
        case form::raw:
        case form::json:
            return answer_poll({by.app, by.client}, std::make_unique<poll>(by, std::move(*asked)));
        case form::ndjson:
        case form::sse:
            return begin_stream({by.app, by.client}, std::move(*asked));
        case form::websocket:
            return begin_websocket({by.app, by.client}, std::move(*asked), std::move(*hands));
    }
    return {};
}

}  // namespace anteroom
