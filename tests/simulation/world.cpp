#include "world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace anteroom::simulation {

namespace {

void promised(bool kept, std::string const& what) {
    if (!kept)
        throw broken_promise(what);
}

// More handlers than any schedule has at a time; a loop that runs so many does not end.
constexpr std::size_t endless = 1'000'000;
// What a model keeps that is told from outside what is gone.
constexpr history_limits everything{std::size_t{1} << 60U, std::size_t{1} << 60U, std::chrono::hours(24 * 365)};

}  // namespace

std::string room_name(std::size_t room) {
    return "room " + std::to_string(room);
}

world::world(hub_options options, std::size_t shards, std::size_t clients, dice& chance, encounters& met)
    : options_(options), chance_(chance), met_(met) {
    for (std::size_t i = 0; i < shards; ++i)
        shard_pointers_.push_back(shards_.emplace_back(std::make_unique<shard>(i)).get());
    hubs_.push_back(std::make_unique<hub>(shard_pointers_, options_));
    {
        auto const alone = rooms().open(room_name(0));
        room_charge_ = rooms().memory_used();
    }
    for (std::size_t i = 0; i < clients; ++i) {
        auto& made = *clients_.emplace_back(std::make_unique<client>());
        made.room = static_cast<std::size_t>(chance_.below(room_count));
        made.shard = static_cast<std::size_t>(chance_.below(shards));
        made.limit = static_cast<std::size_t>(chance_.chance(40) ? 1 : chance_.between(2, 100));
    }
}

world::~world() {
    // What broke a promise has been reported; now all polls are only to end, before the rooms and the shards do.
    giving_up_ = true;
    for (auto const& each : clients_)
        each->cancel.emit(asio::cancellation_type::terminal);
    for (auto const& each : shards_) {
        each->io().restart();
        each->io().poll();
    }
}

void world::publish(std::size_t room, std::size_t at, std::size_t size) {
    auto const go = [this, room, at, size] {
        if (giving_up_)
            return;
        std::string data(size, 'x');
        data += std::to_string(++published_);
        auto const waiting = std::count_if(clients_.begin(), clients_.end(),
                                           [&](auto const& each) { return each->polling && each->room == room; });
        draft what{content::text, data, {}};
        // The model has it first: who is woken in place reads before publish() returns.
        auto const place = rooms().open(room_name(room));
        auto& life = life_of(room, place->end().epoch);
        life.append(std::move(data), unix_now(), exact() ? options_.history : everything);
        auto const given = rooms().publish(room_name(room), std::move(what), *shards_[at]);
        if (!given) {
            promised(!exact(), "a publish was refused though there is memory");
            promised(place->end().number + 1 == life.last(), "a publish was refused, and appended something");
            life.take_back();
            ++met_.refused;
            return;
        }
        promised(given->id == cursor{life.epoch(), life.last()}, "a message has not the place after the one before");
        promised(given->subscribers <= static_cast<std::size_t>(waiting),
                 "more subscribers were told of than there are");
        promised(rooms().memory_used() <= options_.memory, "the memory budget was not kept to");
    };
    // From outside of the loop, whoever waits is woken later; from within, in place.
    if (chance_.chance(50))
        asio::post(shards_[at]->io(), go);
    else
        go();
}

log_model& world::life_of(std::size_t room, std::uint64_t epoch) {
    auto& known = truths_[room];
    if (known.life && known.life->epoch() == epoch)
        return *known.life;
    promised(known.epochs.insert(epoch).second, "an epoch came back");
    if (known.life && !known.hub_restarted) {
        promised(known.life->last() > 0, "a room in which nothing was published began a new epoch");
        promised(!exact(), "a room was forgotten too early");
        ++met_.rebirths;
    }
    known.hub_restarted = false;
    return known.life.emplace(epoch);
}

bool world::exact() const noexcept {
    return options_.history.age > std::chrono::hours(1) && options_.memory > 100'000'000;
}

void world::check_limits(std::size_t room, room_facts const& facts) const {
    auto const& limits = options_.history;
    promised(facts.messages <= std::max<std::size_t>(limits.messages, 1), room_name(room) + " has too many messages");
    promised(facts.messages <= 1 || facts.bytes <= limits.bytes, room_name(room) + " has too many bytes");
}

// What a read gives is what the model gives. Where memory or the clock evict, the model is told how much is gone: as
// little as fits what was read, and never less than before.
void world::check_read(client const& who, batch const& found, room_lease const& place) {
    auto const name = room_name(who.room);
    auto& life = life_of(who.room, found.next.epoch);
    if (!exact()) {
        auto gone = life.gone();
        if (found.missed && found.missed->reason == gap_reason::restarted)
            gone = found.next.number - found.messages.size();
        else if (found.missed)
            gone = who.after->number + found.missed->missed.value_or(0);
        promised(gone >= life.gone(), name + " has what it had not any more");
        promised(gone <= life.last(), name + " misses what was never published");
        life.set_gone(gone);
    }
    auto const difference = life.difference(found, life.read(*who.after, who.limit));
    promised(difference.empty(), name + " after " + to_string(*who.after) + ": " + difference);
    check_limits(who.room, place->facts());
}

task<void> world::poll(client& who) {
    auto const place = rooms().open(room_name(who.room));
    auto const home = shards_[who.shard].get();
    if (!who.after) {
        who.after = place->end();
        who.account.begin(*who.after);
        life_of(who.room, who.after->epoch);
    }
    for (;;) {
        auto const seen = place->changes().now();
        if (who.interrupted == interruption::hung_up || giving_up_)
            break;
        auto found = place->read(*who.after, who.limit);
        check_read(who, found, place);
        if (!found.empty() || who.interrupted != interruption::none) {
            if (found.empty())
                found.next = who.after->is_origin() ? cursor{place->end().epoch, 0} : *who.after;
            who.answer = std::move(found);
            break;
        }
        ++met_.waits;
        co_await place->changes().async_wait(*home, seen,
                                             asio::bind_cancellation_slot(who.cancel.slot(), asio::deferred));
    }
    who.polling = false;
}

void world::start_poll(client& who, bool hang) {
    who.polling = true;
    who.interrupted = hang ? interruption::none : interruption::timed_out;
    asio::co_spawn(shards_[who.shard]->get_executor(), poll(who), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
}

void world::interrupt(client& who, interruption why) {
    auto const go = [&who, why] {
        if (!who.polling || who.interrupted != interruption::none)
            return;
        who.interrupted = why;
        who.cancel.emit(asio::cancellation_type::terminal);
    };
    met_.hang_ups += why == interruption::hung_up;
    if (chance_.chance(50))
        asio::post(shards_[who.shard]->io(), go);
    else
        go();
}

void world::deliver(client& who, bool lose) {
    auto const answer = std::exchange(who.answer, std::nullopt);
    if (lose) {
        ++met_.lost_answers;
        return;
    }
    who.account.take(*answer);
    who.after = who.account.position();
    met_.delivered += answer->messages.size();
    if (answer->missed)
        ++(answer->missed->reason == gap_reason::evicted ? met_.evicted : met_.restarted);
}

void world::move(client& who) {
    auto const& known = truths_[who.room];
    auto const epoch = known.life ? known.life->epoch() : 1;
    auto const last = known.life ? known.life->last() : 0;
    switch (chance_.below(5)) {
        case 0:
            who.after = cursor{};
            break;
        case 1:
            who.after.reset();  // its account begins when it polls
            return;
        case 2:
            who.after = cursor{epoch + chance_.between(1, 1000), chance_.below(last + 3)};
            break;
        case 3:
            who.after = cursor{epoch, last + chance_.between(1, 10)};
            break;
        default:
            who.after = cursor{epoch, chance_.below(last + 1)};
    }
    who.account.begin(*who.after);
}

void world::evict(std::size_t room, std::size_t bytes) {
    auto const place = rooms().find(room_name(room));
    if (!place)
        return;
    auto& life = life_of(room, place->end().epoch);
    place->evict(bytes);
    if (exact())
        life.evict(bytes);
}

void world::sweep() {
    rooms().sweep();
}

void world::run(std::size_t at, std::size_t most) {
    auto& io = shards_[at]->io();
    io.restart();
    for (std::size_t ran = 0; ran < most; ++ran) {
        if (io.poll_one() == 0)
            return;
    }
    promised(most < endless, "a shard does not come to rest");
}

void world::run_all() {
    // What runs on one shard may give another something to do, but not for ever.
    for (int i = 0; i < 8; ++i) {
        for (std::size_t at = 0; at < shards_.size(); ++at)
            run(at, endless);
    }
}

void world::end_polls(interruption why) {
    for (auto const& each : clients_) {
        if (!each->polling || each->interrupted != interruption::none)
            continue;
        each->interrupted = why;
        each->cancel.emit(asio::cancellation_type::terminal);
    }
    run_all();
    for (auto const& each : clients_)
        promised(!each->polling, "a poll was not answered");
}

void world::restart() {
    end_polls(interruption::draining);
    hubs_.push_back(std::make_unique<hub>(shard_pointers_, options_));
    for (auto& each : truths_)
        each.hub_restarted = each.life.has_value();
    ++met_.restarts;
}

std::size_t world::kept_bytes() {
    std::size_t sum = 0;
    bool more = false;
    for (auto const& facts : rooms().list("", "", room_count, more))
        sum += facts.bytes;
    return sum;
}

void world::settle() {
    end_polls(interruption::timed_out);
    for (auto const& each : clients_) {
        auto& who = *each;
        if (who.answer)
            deliver(who, false);
        // Enough for everything that there can be, at one message an answer.
        for (std::uint64_t answers = published_ + 10; answers > 0; --answers) {
            start_poll(who, false);
            run_all();
            promised(who.answer.has_value(), "a poll that does not hang was not answered at once");
            bool const last = who.answer->empty();
            deliver(who, false);
            if (last)
                break;
        }
        auto const place = rooms().open(room_name(who.room));
        who.account.settle(place->end());
        promised(place->changes().waiting() == 0, "somebody is said to wait, and nobody does");
    }
    // In this order: looking at a room lets go of what is too old.
    auto kept = kept_bytes();
    for (std::size_t room = 0; room < room_count; ++room)
        kept += rooms().find(room_name(room)) ? room_charge_ : 0;
    auto const counted = rooms().memory_used();
    promised(counted == kept,
             "the hub counts " + std::to_string(counted) + " bytes, its rooms " + std::to_string(kept));
}

}  // namespace anteroom::simulation
