#include <anteroom/room/subscription_cursor.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace anteroom {

/// What has been read in one of several rooms, and not been merged yet.
struct subscription_cursor::run {
    std::uint32_t place;
    batch read;
    std::size_t next = 0;  // in read.messages
};

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
    if (places_.size() > 1) {
        merge(found, limit);
    } else if (begin_read(places_.front())) {
        auto only = read_in(0, limit, found);
        for (auto& each : only.messages)
            found.messages.push_back({std::move(each), 0});
    }
    return found;
}

// Merges what is new in each room, oldest first, comparing only the next message of each room: within a room its own
// order is kept, even if its clock has jumped. Of each room about its share of the limit is read at a time, so that the
// work is in proportion to what is found, not to what all rooms have.
void subscription_cursor::merge(delta& found, std::size_t limit) {
    constexpr std::size_t least_share = 4;
    auto const share = std::min(limit, std::max(2 * limit / places_.size(), least_share));
    std::vector<run> runs;
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
        if (!begin_read(places_[i]))
            continue;
        if (auto read = read_in(i, share, found); !read.messages.empty())
            runs.push_back({i, std::move(read)});
    }
    std::size_t bytes = 0;
    while (found.messages.size() < limit && !runs.empty()) {
        auto const oldest = std::min_element(runs.begin(), runs.end(), [](run const& a, run const& b) {
            return a.read.messages[a.next]->time() < b.read.messages[b.next]->time();
        });
        auto& message = oldest->read.messages[oldest->next];
        bytes += message->charge();
        if (!found.messages.empty() && bytes > max_batch_bytes)
            break;
        found.messages.push_back({std::move(message), oldest->place});
        if (++oldest->next < oldest->read.messages.size())
            continue;
        if (oldest->read.more) {
            oldest->read = places_[oldest->place].where->read(found.messages.back().what->id(), share);
            oldest->next = 0;
            // A gap is reported from there, when these are received; nothing newer may come before it.
            if (oldest->read.missed)
                break;
        }
        if (oldest->next >= oldest->read.messages.size())
            runs.erase(oldest);
    }
}

bool subscription_cursor::begin_read(room_position& at) noexcept {
    auto const ticket = at.where->changes().now();
    if (at.exhausted && ticket == at.seen)
        return false;
    at.seen = ticket;
    at.exhausted = at.where->ends_at(at.after);
    return !at.exhausted;
}

batch subscription_cursor::read_in(std::uint32_t index, std::size_t limit, delta& gaps) {
    auto& at = places_[index];
    auto found = at.where->read(at.after, limit);
    // The beginning of any life is the beginning of the present one, once there is one.
    if (at.after.is_origin())
        at.after = {found.next.epoch, 0};
    at.exhausted = found.empty();
    if (found.missed)
        gaps.gaps.push_back({*found.missed, index, {found.next.epoch, found.next.number - found.messages.size()}});
    return found;
}

void subscription_cursor::advance(delta const& found, std::size_t count) {
    for (auto const& each : found.gaps)
        places_[each.place].after = each.next;
    for (std::size_t i = 0; i < count; ++i)
        places_[found.messages[i].place].after = found.messages[i].what->id();
}

}  // namespace anteroom
