#include <anteroom/base/deadline_wheel.hpp>

#include <algorithm>

namespace anteroom {

namespace {

// The first tick at whose end `due` has certainly passed.
std::int64_t tick_of(std::int64_t due) noexcept {
    return due / deadline_wheel::granularity + 1;
}

}  // namespace

void deadline_wheel::set(deadline& entry, std::int64_t due) noexcept {
    entry.due_ = due;
    if (entry.linked_tick_ != 0 && entry.linked_tick_ <= tick_of(due))
        return;
    link(entry);
}

void deadline_wheel::link(deadline& entry) noexcept {
    if (entry.is_linked())
        entry.unlink();
    entry.linked_tick_ = std::max(tick_of(entry.due_), tick_ + 1);
    slots_[static_cast<std::size_t>(entry.linked_tick_ % slot_count)].push_back(entry);
}

bool deadline_wheel::advance(std::int64_t now, std::size_t most) {
    std::int64_t const target = now / granularity;
    // After a long pause, one pass over all slots finds everything that is due.
    tick_ = std::max(tick_, target - slot_count);
    for (;;) {
        for (; !reached_.empty(); --most) {
            if (most == 0)
                return true;
            deadline& entry = reached_.front();
            entry.unlink();
            entry.linked_tick_ = 0;
            if (entry.due_ == 0)
                continue;
            if (tick_of(entry.due_) > tick_) {
                link(entry);
                continue;
            }
            entry.due_ = 0;
            entry.expire();
        }
        if (tick_ >= target)
            return false;
        ++tick_;
        reached_.swap(slots_[static_cast<std::size_t>(tick_ % slot_count)]);
    }
}

std::optional<std::int64_t> deadline_wheel::next() const noexcept {
    if (!reached_.empty())
        return tick_ * granularity;
    for (std::int64_t tick = tick_ + 1; tick <= tick_ + slot_count; ++tick) {
        if (!slots_[static_cast<std::size_t>(tick % slot_count)].empty())
            return tick * granularity;
    }
    return std::nullopt;
}

}  // namespace anteroom
