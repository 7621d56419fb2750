#include <anteroom/http/held_memory.hpp>

namespace anteroom::http {

void held_memory::set(holder& who, std::size_t bytes) noexcept {
    if (bytes == 0) {
        release(who);
        return;
    }
    if (!who.is_linked())
        holders_.push_back(who);
    auto const more = bytes - who.held_;  // may stand for a negative number
    who.held_ = bytes;
    used_ += more;
    meter_.add(more);
    shard_.count(counter::held_bytes, more);
    while (used_ > most_)
        relieve(1);
}

void held_memory::relieve(std::size_t most) noexcept {
    for (; most > 0 && !holders_.empty(); --most) {
        auto& oldest = holders_.front();
        release(oldest);
        shard_.count(counter::made_way);
        oldest.make_way();
    }
}

void held_memory::release(holder& who) noexcept {
    if (!who.is_linked())
        return;
    holders_.erase(holders_.iterator_to(who));
    used_ -= who.held_;
    meter_.remove(who.held_);
    shard_.count(counter::held_bytes, -who.held_);
    who.held_ = 0;
}

}  // namespace anteroom::http
