#include <anteroom/room/hub.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace anteroom {

namespace {

// How long an empty room is remembered after its last use, so that cursors that it has issued stay valid.
constexpr milliseconds linger = std::chrono::minutes(10);

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
      life_(random_number()),
      generations_(std::make_unique<std::atomic<std::uint32_t>[]>(generation_count)) {}

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
    auto const hash = text_hash{}(name);
    auto& in = stripe_of(hash);
    std::lock_guard const lock(in.mutex);
    auto found = in.rooms.find(name);
    if (found == in.rooms.end()) {
        auto made = std::make_shared<room>(std::string(name), epoch_of(hash), shards_, options_.history, meter_);
        found = in.rooms.insert(std::move(made)).first;
        room_count_.fetch_add(1, std::memory_order_relaxed);
    }
    return room_lease(*found);
}

bool hub::may_open_more() const noexcept {
    // A quarter of the budget, divided by the size of a room with a short name.
    std::size_t const each = sizeof(room) + 256 + 128 * shards_.size();
    return room_count_.load(std::memory_order_relaxed) < options_.memory / 4 / each;
}

room_lease hub::find(std::string_view name) {
    auto& in = stripe_of(text_hash{}(name));
    std::lock_guard const lock(in.mutex);
    auto const found = in.rooms.find(name);
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

bool hub::make_room_for(std::size_t bytes) {
    if (meter_.used() + bytes <= options_.memory)
        return true;
    // A message that can never fit must not evict any others.
    if (bytes > options_.memory)
        return false;
    evict(bytes);
    return meter_.used() + bytes <= options_.memory;
}

std::optional<publication> hub::append(std::span<std::string_view const> rooms, std::span<draft const> what,
                                       commitment when) {
    std::size_t needed = 0;
    for (auto const& each : what)
        needed += message::charge_of(each) * rooms.size();
    if (!make_room_for(needed))
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
    published_.fetch_add(made.size(), std::memory_order_relaxed);
    auto const now = moment::now();
    out->receipt_.time = now.wall;
    auto left = std::span(made);
    for (auto const& place : out->rooms_) {
        place->append(left.first(what.size()), now, out->receipt_.ids, when);
        left = left.subspan(what.size());
    }
    return out;
}

std::optional<receipt> hub::publish(std::string_view room, draft const& what, shard& here) {
    auto added = append({&room, 1}, {&what, 1});
    return added ? std::optional(added->announce(here)) : std::nullopt;
}

void hub::drop(std::string_view name, shard& here) {
    auto const place = find(name);
    if (!place)
        return;
    auto const hash = text_hash{}(name);
    // Uses the generation that this call has assigned: if two calls read it back, both would begin the same life.
    std::uint64_t const generation = generations_[hash % generation_count].fetch_add(1) + 1U;
    place->restart(epoch_of(hash, generation));
    place->wake(here);
}

cursor hub::beginning(std::string_view name) const {
    return {epoch_of(text_hash{}(name)), 0};
}

std::vector<room_facts> hub::list(std::string_view prefix, std::string_view after, std::size_t limit, bool& more) {
    std::vector<std::shared_ptr<room>> found;
    for (auto& each : stripes_) {
        std::lock_guard const lock(each.mutex);
        for (auto const& place : each.rooms) {
            if (place->name() > after && place->name().starts_with(prefix))
                found.push_back(place);
        }
    }
    // A heap, since a page is short and there may be many rooms.
    auto const later = [](auto const& a, auto const& b) { return a->name() > b->name(); };
    std::make_heap(found.begin(), found.end(), later);
    std::vector<room_facts> out;
    more = false;
    for (; !found.empty() && !more; found.pop_back()) {
        std::pop_heap(found.begin(), found.end(), later);
        auto facts = found.back()->facts();
        if (facts.messages == 0 && facts.subscribers == 0)
            continue;
        if (out.size() < limit)
            out.push_back(std::move(facts));
        else
            more = true;
    }
    return out;
}

hub::hub_totals hub::totals() {
    hub_totals out;
    for (auto& each : stripes_) {
        std::lock_guard const lock(each.mutex);
        out.rooms += each.rooms.size();
        for (auto const& place : each.rooms) {
            out.subscribers += place->changes().waiting();
            out.messages += place->messages();
        }
    }
    return out;
}

void hub::sweep() {
    forget_empty(std::min(linger, options_.history.age), options_.unused_room);
    keep_to_budget();
}

void hub::forget_empty(milliseconds used, milliseconds never_used) {
    auto const now = steady_now();
    for (auto& each : stripes_) {
        std::lock_guard const lock(each.mutex);
        for (auto at = each.rooms.begin(); at != each.rooms.end();) {
            auto const candidate = at++;
            auto& place = **candidate;
            bool const was_used = place.ever_published();
            // While the stripe is locked, no other thread can acquire a room that only the set owns.
            if (candidate->use_count() > 1 || place.idle(now) < (was_used ? used : never_used).count() ||
                !place.is_empty())
                continue;
            if (was_used)
                generations_[text_hash{}(place.name()) % generation_count].fetch_add(1);
            each.rooms.erase(candidate);
            room_count_.fetch_sub(1, std::memory_order_relaxed);
        }
    }
}

void hub::evict(std::size_t needed) {
    // Threads that arrive while another one evicts wait for it, and find the budget met.
    std::lock_guard const lock(evicting_);
    if (meter_.used() + needed <= options_.memory)
        return;
    // Rooms that were subscribed to and never published to take memory too, and can be recreated without loss.
    forget_empty(milliseconds::max(), milliseconds(0));
    // Frees a little more than needed, so that the cost of examining all rooms is shared by many publishes.
    std::size_t const most = options_.memory - options_.memory / 64;
    std::size_t const target = most > needed ? most - needed : 0;
    struct candidate {
        std::shared_ptr<room> place;
        double cost;
    };
    for (bool helps = true; helps && meter_.used() > target;) {
        auto const before = meter_.used();
        // Evicting costs least where much has been unread for long: the space-time product (Smith 1981). A room in use
        // counts as read a moment ago, so rooms in use lose least in proportion to their size, and among them the
        // largest is the first.
        auto const now = steady_now();
        std::vector<candidate> candidates;
        for (auto& each : stripes_) {
            std::lock_guard const guard(each.mutex);
            for (auto const& place : each.rooms) {
                if (auto const bytes = place->bytes(); bytes > 0)
                    candidates.push_back({place, double(bytes) * double(place->idle(now) + 1000)});
            }
        }
        std::sort(candidates.begin(), candidates.end(), [](auto const& a, auto const& b) { return a.cost > b.cost; });
        // Halves the largest quarter of the rooms instead of emptying them; then the rooms are weighed again.
        auto quarter = candidates.size() / 4 + std::min<std::size_t>(1, candidates.size() % 4);
        for (auto const& each : candidates) {
            if (meter_.used() <= target)
                return;
            // Rooms of which nothing is readable yet have nothing to evict, and do not stand in the others' way.
            if (each.place->evict(each.place->bytes() / 2 + 1) > 0 && --quarter == 0)
                break;
        }
        candidates.clear();
        // Rooms take memory too. Messages that were evicted but are still being sent cannot be freed by evicting more.
        forget_empty(milliseconds(0), milliseconds(0));
        helps = meter_.used() < before;
    }
}

}  // namespace anteroom
