// The memory of a hub: which rooms and messages make way. Whatever it takes, it looks at a bounded number of rooms at a
// time: with hundreds of thousands of them, looking at all would hold up everybody else.
#include <anteroom/room/hub.hpp>

#include <algorithm>
#include <utility>

namespace anteroom {

namespace {

// How long an empty room is remembered after its last use, so that cursors that it has issued stay valid.
constexpr milliseconds linger = std::chrono::minutes(10);
// Rooms of the tour that a subscriber looks at to replace one that is not in use, and that eviction weighs against each
// other; and how many times that is done in vain before giving up: the memory is in use then.
constexpr std::size_t reclaimed_at_a_time = 16;
constexpr std::size_t weighed_at_a_time = 1024;
constexpr int fruitless_rounds = 64;
// For how long there is thought to be nothing to evict, in ms.
constexpr std::int64_t believed_for = 100;
// What readers have not read stays in memory though it is evicted. Of all that is kept, with the rooms that it is in,
// this share of the budget is not evicted for that: otherwise a few who do not read would empty every room.
constexpr std::size_t kept_share = 16;
// Freeing memory takes time too.
constexpr std::size_t most_freed_at_once = std::size_t{16} << 20U;

}  // namespace

bool hub::discard(std::shared_ptr<room> const& what, milliseconds used, milliseconds never_used) {
    constexpr long here_and_in_the_set = 2;
    auto const unused = [&] {
        auto const least = what->ever_published() ? used : never_used;
        return what.use_count() == here_and_in_the_set && what->idle(steady_now()) >= least.count();
    };
    if (!unused())
        return false;
    hashed_name const key(what->name());
    auto& in = stripe_of(key.hash);
    std::lock_guard const lock(in.mutex);
    // While the stripe is locked, no other thread can acquire a room that only the set owns.
    auto const found = in.rooms.find(key);
    if (found == in.rooms.end() || *found != what || !unused() || !what->is_empty())
        return false;
    if (what->ever_published())
        generations_[key.hash % generation_count].fetch_add(1);
    by_name_.erase(*what);
    in.rooms.erase(found);
    room_count_.fetch_sub(1, std::memory_order_relaxed);
    return true;
}

std::size_t hub::room_size() const noexcept {
    return sizeof(room) + 256 + 128 * shards_.size();
}

std::size_t hub::evictable() const noexcept {
    return meter_.kept() + meter_.filled_rooms() * room_size();
}

bool hub::may_open_more() {
    // A quarter of the budget, divided by the size of a room with a short name. Rooms that have messages are not
    // counted: eviction finds those.
    std::size_t const most = options_.memory / 4 / room_size();
    auto const full = [&] { return room_count() >= most + meter_.filled_rooms(); };
    for (int i = 0; full() && i < fruitless_rounds; ++i) {
        for (auto const& candidate : by_name_.next(reclaimed_at_a_time)) {
            if (candidate->bytes() == 0)
                discard(candidate, milliseconds(0), milliseconds(0));
        }
    }
    return !full();
}

void hub::sweep() {
    sweep_some(room_count());
}

void hub::sweep_some(std::size_t most) {
    for (auto const& candidate : by_name_.next(most))
        discard(candidate, std::min(linger, options_.history.age), options_.unused_room);
    keep_to_budget();
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

void hub::evict(std::size_t needed) {
    // Threads that arrive while another one evicts wait for it, and find the budget met.
    std::lock_guard const lock(evicting_);
    if (meter_.used() + needed <= options_.memory)
        return;
    // The memory is held by what cannot be evicted, unless some of it has been freed since.
    if (steady_now() < fruitless_until_ && meter_.used() >= fruitless_at_)
        return;
    // Frees a little more than needed, so that the cost of weighing rooms is shared by many publishes.
    std::size_t const most = options_.memory - std::min(options_.memory / 64, most_freed_at_once);
    auto const kept = std::min(options_.memory / kept_share, options_.memory - std::min(options_.memory, needed));
    std::size_t const target = most > needed ? most - needed : 0;
    int fruitless = 0;
    for (int rounds = 0; meter_.used() > target && fruitless < fruitless_rounds; ++rounds) {
        auto const before = meter_.used();
        evict_some(target, kept);
        // There is space for what is needed, and others are filling it as fast as it is freed, or it may not be freed.
        if (meter_.used() + needed <= options_.memory && (rounds >= fruitless_rounds || evictable() <= kept))
            return;
        if (meter_.used() < before)
            fruitless = 0;
        else if (room_count() <= weighed_at_a_time)
            fruitless = fruitless_rounds;  // these were all
        else
            ++fruitless;
    }
    if (meter_.used() + needed > options_.memory) {
        fruitless_at_ = meter_.used();
        fruitless_until_ = steady_now() + believed_for;
    }
}

void hub::evict_some(std::size_t target, std::size_t kept) {
    auto const rooms = by_name_.next(weighed_at_a_time);
    // Rooms that were subscribed to and never published to take memory too, and can be recreated without loss.
    for (auto const& each : rooms)
        discard(each, milliseconds::max(), milliseconds(0));
    // Evicting costs least where much has been unread for long: the space-time product (Smith 1981). A room in use
    // counts as read a moment ago, so rooms in use lose least in proportion to their size, and among them the largest
    // is the first.
    struct candidate {
        room* place;
        double cost;
    };
    auto const now = steady_now();
    std::vector<candidate> candidates;
    candidates.reserve(rooms.size());
    for (auto const& each : rooms) {
        if (auto const bytes = each->bytes(); bytes > 0)
            candidates.push_back({each.get(), double(bytes) * double(each->idle(now) + 1000)});
    }
    std::sort(candidates.begin(), candidates.end(), [](auto const& a, auto const& b) { return a.cost > b.cost; });
    // Halves the largest quarter of the rooms instead of emptying them; then the rooms are weighed again.
    auto quarter = candidates.size() / 4 + std::min<std::size_t>(1, candidates.size() % 4);
    for (auto const& each : candidates) {
        if (meter_.used() <= target || evictable() <= kept)
            break;
        // Rooms of which nothing is readable yet have nothing to evict, and do not stand in the others' way.
        if (each.place->evict(each.place->bytes() / 2 + 1) > 0 && --quarter == 0)
            break;
    }
    // Rooms take memory too. Messages that were evicted but are still being sent cannot be freed by evicting more.
    for (auto const& each : rooms)
        discard(each, milliseconds(0), milliseconds(0));
}

}  // namespace anteroom
