#include <anteroom/room/room_index.hpp>

#include <algorithm>

namespace anteroom {

namespace {

// A room that nobody owns any more is about to be erased.
void add(room_index::rooms& to, room& found) {
    if (auto owned = found.weak_from_this().lock())
        to.push_back(std::move(owned));
}

}  // namespace

void room_index::insert(room& added) noexcept {
    std::lock_guard const lock(mutex_);
    index_.insert(added);
}

void room_index::erase(room& gone) noexcept {
    std::lock_guard const lock(mutex_);
    auto const next = index_.erase(index_.iterator_to(gone));
    if (tour_ == &gone)
        tour_ = next == index_.end() ? nullptr : &*next;
}

room_index::rooms room_index::after(std::string_view after, std::string_view prefix, std::size_t most) {
    rooms out;
    out.reserve(most);
    std::lock_guard const lock(mutex_);
    auto at = after < prefix ? index_.lower_bound(prefix) : index_.upper_bound(after);
    for (; out.size() < most && at != index_.end() && at->name().starts_with(prefix); ++at)
        add(out, *at);
    return out;
}

room_index::rooms room_index::next(std::size_t most) {
    rooms out;
    out.reserve(most);
    std::lock_guard const lock(mutex_);
    auto at = tour_ == nullptr ? index_.begin() : index_.iterator_to(*tour_);
    for (auto left = std::min(most, index_.size()); left > 0; --left) {
        if (at == index_.end())
            at = index_.begin();
        add(out, *at++);
    }
    tour_ = at == index_.end() ? nullptr : &*at;
    return out;
}

}  // namespace anteroom
