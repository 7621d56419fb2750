// The actions of clients: send requests, disconnect, receive pieces, change rooms.
#include "world.hpp"
#include <anteroom/room/composite_cursor.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace anteroom::simulation {

void world::start(client& who, bool hang) {
    who.asking = true;
    who.cut_off = false;
    who.interrupted = hang ? interruption::none : interruption::timed_out;
    ++met_.forms[static_cast<std::size_t>(who.as)];
    met_.plain += !who.several;
    asio::co_spawn(shards_[who.shard]->get_executor(), serve(who), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
}

void world::interrupt(client& who, interruption why) {
    auto const go = [&who, why] {
        if (!who.asking || who.interrupted != interruption::none)
            return;
        who.interrupted = why;
        who.cancel.emit(asio::cancellation_type::terminal);
    };
    if (why == interruption::hung_up) {
        ++met_.hang_ups;
        who.cut_off = true;
    }
    if (chance_.chance(50))
        asio::post(shards_[who.shard]->io(), go);
    else
        go();
}

void world::deliver(client& who, std::size_t most) {
    for (; most > 0 && !who.wire.empty(); --most) {
        auto const what = std::move(who.wire.front());
        who.wire.pop_front();
        who.receive(what);
        met_.delivered += what.messages.size();
        met_.many_rooms += who.rooms.size() >= 10;
        for (auto const& [room, told] : what.gaps) {
            ++(told.reason == gap_reason::evicted   ? met_.evicted
               : told.reason == gap_reason::deleted ? met_.deleted
                                                    : met_.restarted);
        }
    }
    if (who.asking)
        who.taken->signal(*shards_[who.shard], who.taken);
}

void world::cut(client& who) {
    met_.lost += who.wire.size();
    who.wire.clear();
    if (!who.asking)
        return;
    interrupt(who, interruption::hung_up);
    who.taken->signal(*shards_[who.shard], who.taken);
}

void world::change(client& who) {
    auto const before = who.as;
    who.as = static_cast<form>(chance_.below(4));
    met_.form_changes += who.as != before;
    who.limit = who.as == form::raw ? 1 : static_cast<std::size_t>(chance_.chance(30) ? 1 : chance_.between(2, 100));
    who.window = static_cast<std::size_t>(chance_.chance(50) ? chance_.between(1, 4) : chance_.between(5, 100));
    if (who.rooms.empty() || chance_.chance(30)) {
        ++met_.room_changes;
        // Often a few, sometimes any number; some of the rooms that it had may be among them.
        auto const most = chance_.chance(50) ? std::min<std::size_t>(3, truths_.size()) : truths_.size();
        auto const count = chance_.between(1, most);
        while (who.rooms.size() > count)
            who.rooms.erase(who.rooms.begin() + static_cast<std::ptrdiff_t>(chance_.below(who.rooms.size())));
        while (who.rooms.size() < count) {
            auto const room = static_cast<std::size_t>(chance_.below(truths_.size()));
            if (std::find(who.rooms.begin(), who.rooms.end(), room) == who.rooms.end())
                who.rooms.insert(who.rooms.begin() + static_cast<std::ptrdiff_t>(chance_.below(who.rooms.size() + 1)),
                                 room);
        }
    }
    who.several = who.rooms.size() > 1 || chance_.chance(40);
}

std::string world::some_cursor(std::size_t room) {
    auto const& known = truths_[room];
    auto const epoch = known.life ? known.life->epoch() : 1;
    auto const last = known.life ? known.life->last() : 0;
    cursor at;
    switch (chance_.below(6)) {
        case 0:
            break;
        case 1:
            at = {epoch + chance_.between(1, 1000), chance_.below(last + 3)};
            break;
        case 2:
            at = {epoch, last + chance_.between(1, 10)};
            break;
        case 3:
            if (!known.epochs.empty()) {
                auto const which = static_cast<std::ptrdiff_t>(chance_.below(known.epochs.size()));
                at = {*std::next(known.epochs.begin(), which), chance_.below(8)};
                break;
            }
            [[fallthrough]];
        default:
            at = {epoch, chance_.below(last + 1)};
    }
    std::string out;
    append_room_cursor(out, room_name(room), at);
    return out;
}

void world::move(client& who) {
    auto const how = chance_.below(10);
    if (how == 0) {
        who.move("0");
    } else if (how == 1) {
        who.move(std::nullopt);
    } else {
        std::string to;
        for (auto const room : who.rooms) {
            if (chance_.chance(80))
                to += (to.empty() ? "" : ",") + some_cursor(room);
        }
        who.move(to);
    }
}

}  // namespace anteroom::simulation
