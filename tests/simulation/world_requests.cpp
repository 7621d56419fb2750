// The server's side of a request in a world: what the subscribe handlers do, without HTTP.
#include "world.hpp"
#include <anteroom/room/composite_cursor.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>
#include <utility>

namespace anteroom::simulation {

namespace {

void promised(bool kept, std::string const& what) {
    if (!kept)
        throw broken_promise(what);
}

// The cursor to continue from, as sent.
std::string next_of(client const& who, subscription_cursor const& places) {
    if (!who.several)
        return to_string(places.position(0));
    std::string out;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (i > 0)
            out += ',';
        append_room_cursor(out, places.room_at(i).name(), places.position(i));
    }
    return out;
}

std::vector<cursor> positions(subscription_cursor const& places) {
    std::vector<cursor> out;
    for (std::size_t i = 0; i < places.size(); ++i)
        out.push_back(places.position(i));
    return out;
}

}  // namespace

void world::check_limits(std::size_t room, room_facts const& facts) const {
    auto const& limits = options_.history;
    promised(facts.messages <= std::max<std::size_t>(limits.messages, 1), room_name(room) + " has too many messages");
    // What cannot be read yet comes on top.
    auto const bytes = facts.bytes - truths_[room].life->pending_bytes();
    promised(facts.messages <= 1 || bytes <= limits.bytes, room_name(room) + " has too many bytes");
}

// A read must return what the models have. If memory or the clock evict, the model is adjusted to how much is gone: the
// minimum that matches what was found, and never less than before.
void world::check_look(client const& who, subscription_cursor const& places, std::vector<cursor> const& from,
                       delta const& found, std::size_t limit) {
    std::size_t bytes = 0;
    for (auto const& each : found.messages)
        bytes += each.what->charge();
    std::size_t next_charge = 0;  // the largest charge of a message that was left out
    std::size_t hidden_charge = 0;
    auto const left_out = [](log_model const& life, std::uint64_t number) -> std::size_t {
        return number <= life.last() ? message::charge_of({content::text, life.data(number), {}}) : 0;
    };
    bool expired_meanwhile = false;  // a room was read in parts, and lost messages between two of them
    for (std::uint32_t i = 0; i < places.size(); ++i) {
        auto const room = who.rooms[i];
        batch got;
        for (auto const& each : found.gaps) {
            if (each.place == i) {
                promised(!got.missed, room_name(room) + " has two gaps at once");
                got.missed = each.what;
                got.next = each.next;
            }
        }
        for (auto const& each : found.messages) {
            if (each.place == i)
                got.messages.push_back(each.what);
        }
        auto& life = life_of(room, places.room_at(i).end().epoch);
        met_.looks_while_pending += life.has_pending();
        // What nobody was told of yet may not be found yet.
        if (truths_[room].unannounced > 0 && !got.missed && got.messages.empty()) {
            // But it may have been looked at, and others wait with what has no place.
            hidden_charge = std::max(hidden_charge, left_out(life, life.read(from[i], limit).first));
            continue;
        }
        if (!exact() && got.missed) {
            promised(got.next.number >= life.gone(), room_name(room) + " has what it had not any more");
            promised(got.next.number <= life.last(), room_name(room) + " misses what was never published");
            life.set_gone(got.next.number);
        }
        auto const all = life.read(from[i], limit);
        auto expected = all;
        expected.last = std::min(all.last, all.first + got.messages.size() - 1);
        // Also one behind what a read of this room alone would have found: if it is the oldest, others wait with it.
        next_charge = std::max(next_charge, left_out(life, expected.last + 1));
        expired_meanwhile =
            expired_meanwhile || (!exact() && places.room_at(i).facts().first.number > expected.last + 1);
        promised(!got.missed || got.next == cursor{life.epoch(), all.first - 1},
                 room_name(room) + " does not go on where its gap ends");
        got.next = expected.next = {life.epoch(), expected.last};
        got.more = expected.more = false;
        auto const difference = life.difference(got, expected);
        promised(difference.empty(), room_name(room) + " after " + to_string(from[i]) + ": " + difference);
        check_limits(room, places.room_at(i).facts());
    }
    promised(found.messages.size() <= limit, "a look found more than its limit");
    promised(found.messages.size() <= 1 || bytes <= max_batch_bytes, "a look found too many bytes");
    promised(next_charge == 0 || found.messages.size() == limit ||
                 bytes + std::max(next_charge, hidden_charge) > max_batch_bytes || expired_meanwhile,
             "a look left something out for which there was room");
}

delta world::look(client const& who, subscription_cursor& places, std::size_t limit) {
    auto const from = positions(places);
    auto found = places.read(limit);
    check_look(who, places, from, found, limit);
    met_.several_gaps += found.gaps.size() > 1;
    return found;
}

void world::send(client& who, piece what) {
    if (!who.cut_off)
        who.wire.push_back(std::move(what));
}

// The response to a poll: the whole delta, and the cursor after it.
void world::answer(client& who, subscription_cursor& places, delta const& found) {
    places.advance(found, found.messages.size());
    piece all;
    for (auto const& each : found.gaps)
        all.gaps.emplace_back(who.rooms[each.place], each.what);
    for (auto const& each : found.messages)
        all.messages.emplace_back(who.rooms[each.place], each.what);
    all.next = next_of(who, places);
    send(who, std::move(all));
}

// The events of a stream, as many as fit, each with the cursor just after it or none.
void world::tell(client& who, subscription_cursor& places, delta const& found) {
    for (auto const& each : found.gaps) {
        delta one;
        one.gaps.push_back(each);
        places.advance(one, 0);
        send(who, {{{who.rooms[each.place], each.what}}, {}, next_of(who, places)});
    }
    auto const room = who.window > who.wire.size() ? who.window - who.wire.size() : 0;
    auto const count = std::min(found.messages.size(), room);
    met_.taken_in_part += count > 0 && count < found.messages.size();
    // Like the server: the cursors are created as text, and the subscription advances by what was written.
    composite_cursor text;
    for (std::size_t i = 0; i < places.size(); ++i)
        text.add(room_name(who.rooms[i]), places.position(i));
    for (std::size_t i = 0; i < count; ++i) {
        auto const& each = found.messages[i];
        piece event;
        event.messages.emplace_back(who.rooms[each.place], each.what);
        if (who.as == form::sse) {
            text.set(each.place, each.what->id());
            event.next = who.several ? text.text() : to_string(each.what->id());
        }
        send(who, std::move(event));
    }
    places.advance(found, count);
}

asio::awaitable<void, executor> world::poll(client& who, subscription_cursor& places) {
    for (;;) {
        if (who.interrupted == interruption::hung_up || giving_up_)
            co_return;
        auto const found = look(who, places, who.limit);
        if (!found.empty() || who.interrupted != interruption::none) {
            answer(who, places, found);
            co_return;
        }
        ++met_.waits;
        who.waits_at = positions(places);
        co_await places.async_wait(*shards_[who.shard],
                                   asio::bind_cancellation_slot(who.cancel.slot(), asio::as_tuple(asio::deferred)));
        who.waits_at.clear();
    }
}

asio::awaitable<void, executor> world::stream(client& who, subscription_cursor& places) {
    auto& home = *shards_[who.shard];
    send(who, {{}, {}, next_of(who, places)});
    for (;;) {
        if (who.interrupted == interruption::hung_up || who.interrupted == interruption::draining || giving_up_)
            co_return;
        auto const space = who.taken->now();
        if (who.wire.size() >= who.window) {
            ++met_.stalls;
            co_await who.taken->async_wait(
                home, space, asio::bind_cancellation_slot(who.cancel.slot(), asio::as_tuple(asio::deferred)));
            continue;
        }
        auto const found = look(who, places, who.limit);
        if (!found.empty()) {
            tell(who, places, found);
            continue;
        }
        if (who.interrupted == interruption::timed_out)
            co_return;
        ++met_.waits;
        who.waits_at = positions(places);
        co_await places.async_wait(home,
                                   asio::bind_cancellation_slot(who.cancel.slot(), asio::as_tuple(asio::deferred)));
        who.waits_at.clear();
    }
}

asio::awaitable<void, executor> world::serve(client& who) {
    subscription_cursor places;
    auto const text = who.after();
    auto after = text ? cursor_set::parse(*text) : std::nullopt;
    promised(after.has_value() == text.has_value(), "a cursor that was given is refused: " + text.value_or(""));
    who.starts.clear();
    for (auto const room : who.rooms) {
        std::optional<cursor> at;
        if (after)
            at = after->plain() ? after->plain() : after->find(room_name(room));
        places.add(rooms().open(room_name(room)), at);
        auto const began = places.position(places.size() - 1);
        if (!at) {
            who.starts.emplace_back(room, began);
            life_of(room, began.epoch);
        }
    }
    bool const polling = who.as == form::raw || who.as == form::json;
    auto running = polling ? poll(who, places) : stream(who, places);
    co_await std::move(running);
    if (who.cut_off)
        who.wire.clear();
    who.asking = false;
}

}  // namespace anteroom::simulation
