#include <anteroom/room/subscription_cursor.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace anteroom {

namespace {

// Merges the messages found in each room into one list, oldest first, comparing only the next message of each room:
// within a room its own order is kept, even if its clock has jumped. Truncates the list to the limits of one batch.
void merge(delta& found, std::size_t limit) {
    auto& all = found.messages;
    struct run {
        std::size_t next;
        std::size_t end;
    };
    std::vector<run> runs;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i == 0 || all[i].place != all[i - 1].place)
            runs.push_back({i, i});
        ++runs.back().end;
    }
    decltype(found.messages) merged;
    merged.reserve(std::min(limit, all.size()));
    std::size_t bytes = 0;
    while (merged.size() < limit && !runs.empty()) {
        auto const oldest = std::min_element(runs.begin(), runs.end(), [&](run const& a, run const& b) {
            return all[a.next].what->time() < all[b.next].what->time();
        });
        bytes += all[oldest->next].what->charge();
        if (!merged.empty() && bytes > max_batch_bytes)
            break;
        merged.push_back(std::move(all[oldest->next]));
        if (++oldest->next == oldest->end)
            runs.erase(oldest);
    }
    all = std::move(merged);
}

}  // namespace

void subscription_cursor::add(room_lease where, std::optional<cursor> after) {
    if (has(where.operator->()))
        return;
    awaited().reserve(places_.size() + 1);
    auto& added = places_.emplace_back();
    added.where = std::move(where);
    added.after = after ? *after : added.where->end();
}

bool subscription_cursor::has(room const* which) noexcept {
    // Rooms are objects of some hundred bytes each, so the lowest bits of their addresses carry little information.
    auto const bit = std::uint64_t{1} << ((std::bit_cast<std::uintptr_t>(which) >> 6U) * 0x9E3779B97F4A7C15U >> 58U);
    bool const maybe = (seen_rooms_ & bit) != 0;
    seen_rooms_ |= bit;
    return maybe && std::any_of(places_.begin(), places_.end(),
                                [&](room_position const& each) { return each.where.operator->() == which; });
}

delta subscription_cursor::read(std::size_t limit) {
    delta found;
    for (std::uint32_t i = 0; i < places_.size(); ++i)
        read_in(i, limit, found);
    if (places_.size() > 1 && found.messages.size() > 1)
        merge(found, limit);
    return found;
}

void subscription_cursor::read_in(std::uint32_t index, std::size_t limit, delta& into) {
    auto& at = places_[index];
    auto const ticket = at.where->changes().now();
    if (at.exhausted && ticket == at.seen)
        return;
    at.seen = ticket;
    at.exhausted = at.where->ends_at(at.after);
    if (at.exhausted)
        return;
    auto found = at.where->read(at.after, limit);
    // The beginning of any life is the beginning of the present one, once there is one.
    if (at.after.is_origin())
        at.after = {found.next.epoch, 0};
    at.exhausted = found.empty();
    if (found.missed)
        into.gaps.push_back({*found.missed, index, {found.next.epoch, found.next.number - found.messages.size()}});
    for (auto& each : found.messages)
        into.messages.push_back({std::move(each), index});
}

void subscription_cursor::advance(delta const& found, std::size_t count) {
    for (auto const& each : found.gaps)
        places_[each.place].after = each.next;
    for (std::size_t i = 0; i < count; ++i)
        places_[found.messages[i].place].after = found.messages[i].what->id();
}

}  // namespace anteroom
