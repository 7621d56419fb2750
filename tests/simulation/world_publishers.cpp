// What publishers do in a world: append, commit, now or later and in any order, and announce.
#include "world.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace anteroom::simulation {

namespace {

void promised(bool kept, std::string const& what) {
    if (!kept)
        throw broken_promise(what);
}

// What a model keeps that is told from outside what is gone.
constexpr history_limits everything{std::size_t{1} << 60U, std::size_t{1} << 60U, std::chrono::hours(24 * 365)};

}  // namespace

history_limits const& world::model_limits() const noexcept {
    return exact() ? options_.history : everything;
}

void world::publish(std::vector<std::size_t> const& to, std::size_t at, std::size_t count, std::size_t size) {
    met_.batches += count > 1;
    met_.to_several += to.size() > 1;
    // From outside of the loop, whoever waits is woken later; from within, in place.
    if (chance_.chance(50))
        asio::post(shards_[at]->io(), [this, to, at, count, size] { append(to, *shards_[at], count, size); });
    else
        append(to, *shards_[at], count, size);
}

void world::append(std::vector<std::size_t> const& to, shard& here, std::size_t count, std::size_t size) {
    if (giving_up_)
        return;
    auto const when = chance_.chance(30) ? commitment::later : commitment::immediate;
    std::vector<draft> what(count);
    for (auto& each : what)
        each.data = std::string(size, 'x') + std::to_string(++published_);
    // The models have it first: who is woken in place looks before announce() returns.
    std::vector<room_lease> leases;
    std::vector<std::string> names;
    std::vector<cursor> before;
    std::vector<cursor> ids;
    for (auto const room : to) {
        auto const& place = leases.emplace_back(rooms().open(names.emplace_back(room_name(room))));
        before.push_back(place->end());
        auto& life = life_of(room, place->end().epoch);
        met_.publishers_at_once += life.has_pending();
        for (auto const& each : what) {
            life.append(each.data, unix_now(), model_limits(), when);
            ids.push_back({life.epoch(), life.appended()});
        }
    }
    std::vector<std::string_view> const all(names.begin(), names.end());
    auto added = rooms().append(all, what, when);
    if (!added) {
        promised(!exact(), "a publish was refused though there is memory");
        for (std::size_t i = 0; i < to.size(); ++i) {
            promised(leases[i]->end() == before[i], "a publish was refused, and appended something");
            for (std::size_t n = 0; n < count; ++n)
                life_of(to[i], before[i].epoch).take_back();
        }
        ++met_.refused;
        return;
    }
    promised(rooms().memory_used() <= options_.memory, "the memory budget was not kept to");
    for (auto const room : to)
        check_end(room);
    auto const one = std::make_shared<publishing>(publishing{std::move(*added), to, std::move(ids), when});
    if (when == commitment::later) {
        ++met_.committed_later;
        uncommitted_.push_back(one);
        return;
    }
    for (auto const room : to)
        ++truths_[room].unannounced;
    announce_soon(one, here);
}

void world::commit(std::size_t at) {
    if (uncommitted_.empty())
        return;
    auto& chosen = chance_.one_of(uncommitted_);
    std::swap(chosen, uncommitted_.back());
    auto const one = std::move(uncommitted_.back());
    uncommitted_.pop_back();
    if (chance_.chance(50)) {
        commit(one, *shards_[at]);
        return;
    }
    asio::post(shards_[at]->io(), [this, one, at] {
        if (!giving_up_)
            commit(one, *shards_[at]);
    });
}

void world::commit(publishing_ptr const& one, shard& here) {
    bool const readable = one->added.commit();
    if (!one->of_this_server) {
        one->added.announce(here);
        return;
    }
    bool expected = true;
    bool ended = false;
    for (std::size_t i = 0; i < one->to.size(); ++i) {
        auto const room = one->to[i];
        auto& life = life_of(room, rooms().find(room_name(room))->end().epoch);
        expected = life.commit(one->first(i), one->last(i), model_limits()) && expected;
        ended = ended || life.epoch() != one->last(i).epoch;
        met_.made_others_readable += life.epoch() == one->last(i).epoch && life.last() > one->last(i).number;
        check_end(room);
        ++truths_[room].unannounced;
    }
    promised(readable == expected,
             readable ? "what is said to be readable is not" : "what is readable is not said to be");
    met_.of_ended_lives += ended;
    met_.out_of_order += !is_readable(*one);
    // Who cannot be read yet may announce at once, in vain, or once it can.
    if (is_readable(*one) || chance_.chance(50))
        announce_soon(one, here);
    else
        unreadable_.push_back(one);
    std::vector<publishing_ptr> now_readable;
    std::erase_if(unreadable_, [&](publishing_ptr const& each) {
        bool const is = is_readable(*each);
        if (is)
            now_readable.push_back(each);
        return is;
    });
    for (auto const& each : now_readable)
        announce_soon(each, here);
}

// In all rooms, or never more.
bool world::is_readable(publishing const& one) {
    for (std::size_t i = 0; i < one.to.size(); ++i) {
        auto const& life = life_of(one.to[i], rooms().find(room_name(one.to[i]))->end().epoch);
        if (life.epoch() == one.last(i).epoch && life.last() < one.last(i).number)
            return false;
    }
    return true;
}

void world::announce_soon(publishing_ptr const& one, shard& here) {
    if (chance_.chance(80)) {
        announce(*one, here);
        return;
    }
    // Others get between.
    ++met_.announced_later;
    asio::post(here.io(), [this, one, &here] {
        if (!giving_up_)
            announce(*one, here);
    });
}

void world::announce(publishing& one, shard& here) {
    std::size_t waiting = 0;
    for (auto const& each : clients_) {
        if (each->asking)
            waiting += static_cast<std::size_t>(std::count_if(one.to.begin(), one.to.end(), [&](std::size_t room) {
                return std::find(each->rooms.begin(), each->rooms.end(), room) != each->rooms.end();
            }));
    }
    auto const told = one.added.announce(here, chance_.chance(30) ? wake_up::queued : wake_up::in_place);
    promised(std::equal(one.ids.begin(), one.ids.end(), told.ids.begin(), told.ids.end()),
             "a message has not the place after the one before");
    promised(told.subscribers <= waiting, "more subscribers were told of than there are");
    met_.woken_by_commit += one.when == commitment::later && told.subscribers > 0;
    for (auto const room : one.to)
        --truths_[room].unannounced;
}

void world::check_end(std::size_t room) {
    auto const end = rooms().find(room_name(room))->end();
    auto const& life = life_of(room, end.epoch);
    promised(end.number == life.last(),
             room_name(room) + " ends at " + to_string(end) + ", where it should at " + std::to_string(life.last()));
}

void world::page(std::size_t room) {
    auto const place = rooms().find(room_name(room));
    if (!place)
        return;
    auto& life = life_of(room, place->end().epoch);
    ++met_.pages;
    met_.pages_while_pending += life.has_pending();
    std::optional<cursor> at;
    if (!chance_.chance(20)) {
        auto const& epochs = truths_[room].epochs;
        auto const which = static_cast<std::ptrdiff_t>(chance_.below(epochs.size()));
        at = cursor{chance_.chance(80) ? life.epoch() : *std::next(epochs.begin(), which),
                    chance_.below(life.appended() + 3)};
    }
    auto const limit = static_cast<std::size_t>(chance_.between(1, 40));
    auto const got = place->before(at, limit);
    auto expected = life.before(at, limit);
    if (!exact()) {
        // How much is gone is not known; what is there is what was published, and can be read.
        promised(got.next.number <= life.last(), room_name(room) + " has a page behind its end");
        expected.missed = got.missed;
        expected.next = got.next;
        expected.more = got.more;
        expected.last = got.messages.empty() ? 0 : got.messages.back()->id().number;
        expected.first = expected.last + 1 - got.messages.size();
        promised(expected.last <= life.last(), room_name(room) + " has what cannot be read yet");
    }
    auto const difference = life.difference(got, expected);
    promised(difference.empty(), room_name(room) + ", a page of its history: " + difference);
}

}  // namespace anteroom::simulation
