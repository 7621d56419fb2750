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

// More handlers than any schedule has at a time; a loop that runs this many does not terminate.
constexpr std::size_t endless = 1'000'000;

}  // namespace

world::world(hub_options options, std::size_t rooms_in_use, std::size_t shards, std::size_t clients, dice& chance,
             encounters& met)
    : options_(options), chance_(chance), met_(met), truths_(rooms_in_use) {
    for (std::size_t i = 0; i < shards; ++i)
        shard_pointers_.push_back(shards_.emplace_back(std::make_unique<shard>(i)).get());
    hubs_.push_back(std::make_unique<hub>(shard_pointers_, options_));
    {
        auto const alone = rooms().open(room_name(0));
        room_charge_ = rooms().memory_used();
    }
    for (std::size_t i = 0; i < clients; ++i) {
        auto& made = *clients_.emplace_back(std::make_unique<client>(static_cast<std::size_t>(chance_.below(shards))));
        made.taken = std::make_shared<channel>(shard_pointers_);
        change(made);
    }
}

world::~world() {
    // A broken promise has been reported; now all requests only have to end, before the rooms and the shards do.
    giving_up_ = true;
    for (auto const& each : clients_)
        each->cancel.emit(asio::cancellation_type::terminal);
    for (int i = 0; i < 2; ++i) {
        for (auto const& each : shards_) {
            each->io().restart();
            each->io().poll();
        }
    }
}

log_model& world::life_of(std::size_t room, std::uint64_t epoch) {
    auto& known = truths_[room];
    if (known.life && known.life->epoch() == epoch)
        return *known.life;
    promised(known.epochs.insert(epoch).second, "an epoch came back");
    if (std::exchange(known.dropping, false)) {
        known.life->restart(epoch);
        return *known.life;
    }
    if (known.life && !known.hub_restarted) {
        promised(known.life->ever_published(), "a room in which nothing was published began a new epoch");
        promised(!exact(), "a room was forgotten too early");
        ++met_.rebirths;
    }
    known.hub_restarted = false;
    return known.life.emplace(epoch);
}

bool world::exact() const noexcept {
    return options_.history.age > std::chrono::hours(1) && options_.memory > 100'000'000;
}

void world::evict(std::size_t room, std::size_t bytes) {
    auto const place = rooms().find(room_name(room));
    if (!place)
        return;
    auto& life = life_of(room, place->end().epoch);
    met_.evictions_while_pending += place->evict(bytes) > 0 && life.has_pending();
    if (exact())
        life.evict(bytes);
}

void world::drop(std::size_t room, std::size_t at) {
    auto const go = [this, room, at] {
        auto const place = rooms().find(room_name(room));
        if (giving_up_ || !place || !life_of(room, place->end().epoch).ever_published())
            return;
        ++met_.drops;
        met_.drops_while_pending += life_of(room, place->end().epoch).has_pending();
        auto const before = place->end();
        truths_[room].dropping = true;
        rooms().drop(room_name(room), *shards_[at]);
        promised(place->end().epoch != before.epoch, "a deleted room goes on in the same epoch");
        life_of(room, place->end().epoch);
    };
    if (chance_.chance(50))
        asio::post(shards_[at]->io(), go);
    else
        go();
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
    // A handler on one shard may create work for another, but not endlessly.
    for (int i = 0; i < 8; ++i) {
        for (std::size_t at = 0; at < shards_.size(); ++at)
            run(at, endless);
    }
}

// Who waits has read everything that it can.
void world::rest() {
    run_all();
    for (auto const& each : clients_) {
        for (std::size_t i = 0; i < each->waits_at.size(); ++i) {
            auto const room = each->rooms[i];
            if (truths_[room].unannounced > 0)
                continue;
            auto const place = rooms().find(room_name(room));
            promised(bool(place), "a room was forgotten in which somebody waits");
            auto const& life = life_of(room, place->end().epoch);
            met_.rests_while_pending += life.has_pending();
            promised(each->waits_at[i] == cursor{life.epoch(), life.last()},
                     room_name(room) + ": somebody waits at " + to_string(each->waits_at[i]) + ", and it ends at " +
                         to_string({life.epoch(), life.last()}));
        }
    }
}

void world::end_requests(interruption why) {
    for (auto const& each : clients_) {
        if (!each->asking || each->interrupted != interruption::none)
            continue;
        each->interrupted = why;
        each->cancel.emit(asio::cancellation_type::terminal);
    }
    run_all();
    for (auto const& each : clients_) {
        if (each->asking) {  // a stream that ends once all is written, but its client has stopped reading
            each->interrupted = why;
            each->cancel.emit(asio::cancellation_type::terminal);
        }
    }
    run_all();
    for (auto const& each : clients_)
        promised(!each->asking, "a request was not ended");
}

void world::restart() {
    end_requests(interruption::draining);
    hubs_.push_back(std::make_unique<hub>(shard_pointers_, options_));
    for (auto& each : truths_) {
        each.hub_restarted = each.life.has_value();
        each.unannounced = 0;
    }
    met_.restarts_while_pending += !uncommitted_.empty();
    for (auto const& each : uncommitted_)
        each->of_this_server = false;
    unreadable_.clear();
    ++met_.restarts;
}

std::size_t world::kept_bytes() {
    std::size_t sum = 0;
    bool more = false;
    for (auto const& facts : rooms().list("", "", most_rooms, more))
        sum += facts.bytes;
    return sum;
}

void world::settle() {
    rest();
    while (!uncommitted_.empty())
        commit(static_cast<std::size_t>(chance_.below(shards_.size())));
    rest();
    promised(uncommitted_.empty() && unreadable_.empty(), "all is committed, and something cannot be read");
    end_requests(interruption::draining);
    for (auto const& each : clients_) {
        auto& who = *each;
        who.window = endless;
        // Delivering one by one takes long.
        if (chance_.chance(80)) {
            who.as = who.as == form::raw ? form::json : who.as;
            who.limit = 100;
        }
        deliver(who, endless);
        // Enough for everything that there can be, at one message per response.
        for (std::uint64_t answers = (published_ + 10) * who.rooms.size(); answers > 0; --answers) {
            start(who, false);
            run_all();
            promised(!who.asking && !who.wire.empty(), "a request that does not hang was not answered at once");
            bool const last = std::all_of(who.wire.begin(), who.wire.end(),
                                          [](piece const& what) { return what.gaps.empty() && what.messages.empty(); });
            deliver(who, endless);
            if (last)
                break;
        }
        for (auto const& [room, account] : who.accounts()) {
            auto const place = rooms().open(room_name(room));
            auto const published = life_of(room, place->end().epoch).published_since(account.start());
            promised(published.has_value(), room_name(room) + " ends at " + to_string(place->end()) +
                                                ", an account of it begins at " + to_string(account.start()) +
                                                ", and is now at " + to_string(account.position()));
            account.settle(place->end(), *published);
            promised(place->changes().waiting() == 0, "somebody is said to wait, and nobody does");
        }
    }
    // In this order: reading a room evicts what is too old.
    auto kept = kept_bytes();
    for (std::size_t room = 0; room < truths_.size(); ++room)
        kept += rooms().find(room_name(room)) ? room_charge_ : 0;
    auto const counted = rooms().memory_used();
    promised(counted == kept,
             "the hub counts " + std::to_string(counted) + " bytes, its rooms " + std::to_string(kept));
}

}  // namespace anteroom::simulation
