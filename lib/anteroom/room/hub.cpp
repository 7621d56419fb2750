#include <anteroom/room/hub.hpp>
#include <anteroom/room/room_name.hpp>

#include <algorithm>
#include <iterator>
#include <random>
#include <utility>

namespace anteroom {

namespace {

// The age of messages in rooms where they matter for seconds only.
constexpr milliseconds kept_briefly = std::chrono::seconds(10);

std::size_t charge_of(std::size_t rooms, std::span<draft const> what) noexcept {
    std::size_t sum = 0;
    for (auto const& each : what)
        sum += message::charge_of(each) * rooms;
    return sum;
}

std::uint64_t random_number() {
    std::random_device source;
    return (std::uint64_t{source()} << 32U) | source();
}

// splitmix64 (Steele, Lea, Flood 2014): spreads adjacent numbers over all values.
std::uint64_t mix(std::uint64_t x) noexcept {
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
}

}  // namespace

room_lease& room_lease::operator=(room_lease&& other) noexcept {
    std::swap(room_, other.room_);
    return *this;
}

room_lease::~room_lease() {
    if (room_)
        room_->touch();
}

hub::hub(std::span<shard* const> shards, hub_options options)
    : shards_(shards.begin(), shards.end()),
      options_(options),
      brief_(options.history),
      life_(random_number()),
      generations_(std::make_unique<std::atomic<std::uint32_t>[]>(generation_count)) {
    brief_.age = std::min(brief_.age, kept_briefly);
}

hub::~hub() = default;

std::uint64_t hub::epoch_of(std::size_t hash) const noexcept {
    return epoch_of(hash, generations_[hash % generation_count].load());
}

std::uint64_t hub::epoch_of(std::size_t hash, std::uint64_t generation) const noexcept {
    // 40 bits are 8 characters, and a chance of 1 in 10^12 that a new epoch equals the previous one; 0 is reserved for
    // the cursor `0`.
    return std::max<std::uint64_t>(mix(mix(life_ ^ hash) + generation) >> 24U, 1);
}

room_lease hub::open(std::string_view name) {
    hashed_name const key(name);
    auto& in = stripe_of(key.hash);
    std::lock_guard const lock(in.mutex);
    auto found = in.rooms.find(key);
    if (found == in.rooms.end()) {
        auto const& limits = is_brief_room(name) ? brief_ : options_.history;
        auto made = std::make_shared<room>(std::string(name), epoch_of(key.hash), shards_, limits, meter_);
        found = in.rooms.insert(std::move(made)).first;
        by_name_.insert(**found);
        room_count_.fetch_add(1, std::memory_order_relaxed);
    }
    return room_lease(*found);
}

room_lease hub::find(std::string_view name) {
    hashed_name const key(name);
    auto& in = stripe_of(key.hash);
    std::lock_guard const lock(in.mutex);
    auto const found = in.rooms.find(key);
    return found == in.rooms.end() ? room_lease() : room_lease(*found);
}

bool publication::commit() {
    auto const each = receipt_.ids.size() / rooms_.size();
    bool readable = true;
    for (std::size_t i = 0; i < rooms_.size(); ++i)
        readable = rooms_[i]->commit(receipt_.ids[i * each], receipt_.ids[(i + 1) * each - 1]) && readable;
    return readable;
}

receipt publication::announce(shard& here, wake_up how) {
    for (auto const& each : rooms_)
        receipt_.subscribers += each->wake(here, how);
    return std::move(receipt_);
}

std::optional<publication> hub::append(std::span<std::string_view const> rooms, std::span<draft const> what,
                                       commitment when) {
    if (!make_room_for(charge_of(rooms.size(), what)))
        return std::nullopt;
    // Everything that may fail comes first.
    boost::container::small_vector<new_message_ptr, 1> made;
    made.reserve(rooms.size() * what.size());
    for (std::size_t i = 0; i < rooms.size(); ++i) {
        for (auto const& each : what)
            made.push_back(message::make(each, meter_));
    }
    std::optional<publication> out(std::in_place);
    out->rooms_.reserve(rooms.size());
    out->receipt_.ids.reserve(made.size());
    for (auto const& each : rooms) {
        out->rooms_.push_back(open(each));
        if (rooms.size() > 1)
            out->rooms_.back()->reserve(what.size(), when);
    }
    auto const count = made.size();
    auto const now = moment::now();
    out->receipt_.time = now.wall;
    auto left = std::span(made);
    for (auto const& place : out->rooms_) {
        place->append(left.first(what.size()), now, out->receipt_.ids, when);
        left = left.subspan(what.size());
    }
    published_.fetch_add(count, std::memory_order_relaxed);
    return out;
}

bool hub::fits_at_all(std::size_t rooms, std::span<draft const> what) const noexcept {
    return charge_of(rooms, what) <= options_.memory;
}

std::optional<receipt> hub::publish(std::string_view room, draft const& what, shard& here) {
    auto added = append({&room, 1}, {&what, 1});
    return added ? std::optional(added->announce(here)) : std::nullopt;
}

void hub::drop(std::string_view name, shard& here) {
    auto const place = find(name);
    if (!place)
        return;
    auto const hash = keyed_hash{}(name);
    // Uses the generation that this call has assigned: if two calls read it back, both would begin the same life.
    std::uint64_t const generation = generations_[hash % generation_count].fetch_add(1) + 1U;
    place->restart(epoch_of(hash, generation));
    place->wake(here);
}

cursor hub::beginning(std::string_view name) const {
    return {epoch_of(keyed_hash{}(name)), 0};
}

hub::room_list hub::list_some(std::string_view prefix, std::string_view after, std::size_t limit,
                              std::size_t looked_at) {
    room_list out;
    auto const found = by_name_.after(after, prefix, looked_at);
    for (auto const& each : found) {
        auto facts = each->facts();
        if (facts.messages == 0 && facts.subscribers == 0)
            continue;
        if (out.rooms.size() == limit) {
            out.more = true;
            return out;
        }
        out.rooms.push_back(std::move(facts));
    }
    out.complete = found.size() < looked_at;
    if (!out.complete)
        out.continue_at = found.back()->name();
    return out;
}

std::vector<room_facts> hub::list(std::string_view prefix, std::string_view after, std::size_t limit, bool& more) {
    constexpr std::size_t at_a_time = 256;
    std::vector<room_facts> out;
    for (std::string from(after);;) {
        auto part = list_some(prefix, from, limit - out.size(), at_a_time);
        std::move(part.rooms.begin(), part.rooms.end(), std::back_inserter(out));
        more = part.more;
        if (part.complete)
            return out;
        from = std::move(part.continue_at);
    }
}

hub::hub_totals hub::totals() const noexcept {
    hub_totals out;
    out.rooms = room_count();
    out.messages = meter_.messages();
    std::uint64_t waiting = 0;
    for (auto const* each : shards_)
        waiting += each->counted().get(counter::waits_begun) - each->counted().get(counter::waits_ended);
    out.subscribers = waiting;
    return out;
}

}  // namespace anteroom
