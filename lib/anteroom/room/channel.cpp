#include <anteroom/base/spawn.hpp>
#include <anteroom/room/channel.hpp>

#include <new>

namespace anteroom {

channel::channel(std::span<shard* const> shards) : slots_(shards.size()) {
    for (std::size_t i = 0; i < shards.size(); ++i)
        slots_[i].home = shards[i];
}

channel::~channel() = default;

std::size_t channel::size_in_memory() const noexcept {
    return slots_.size() * sizeof(slot);
}

std::size_t channel::waiting() const noexcept {
    std::size_t sum = 0;
    for (slot const& each : slots_)
        sum += each.count.load(std::memory_order_relaxed);
    return sum;
}

bool channel::enlist(waiter& who, shard& here, ticket seen) {
    return enlist(who, slots_[here.index()], seen);
}

bool channel::enlist(waiter& who, slot& at, ticket seen) {
    at.waiters.push_back(who);
    who.home_ = &at;
    who.round_ = at.round;
    // Enlist, then read the counter; signal() increments it, then looks for waiters. In the single total order of these
    // four accesses at least one side sees the other, so no wake-up is lost.
    at.count.fetch_add(1);
    if (signals_.load() == seen) {
        at.home->count(counter::waits_begun);
        return true;
    }
    at.count.fetch_sub(1);
    who.unlink();
    return false;
}

void channel::queue(waiter& who, shard& here, std::shared_ptr<void> const& alive) {
    slot& at = slots_[here.index()];
    at.woken.push_back(who);
    who.home_ = &at;
    who.round_ = waiter::takes_a_turn;
    if (at.queued)
        return;
    try {
        here.queue_in_portions(std::shared_ptr<portioned_work>(alive, &at));
        at.queued = true;
    } catch (...) {
        who.unlink();
        throw;
    }
}

std::size_t channel::signal(shard& here, std::shared_ptr<void> const& alive, wake_up how) {
    signals_.fetch_add(1);
    std::size_t sum = 0;
    slot* own = nullptr;
    for (slot& at : slots_) {
        auto const count = at.count.load();
        if (at.home == &here)
            sum += at.signalled;
        if (count == 0)
            continue;
        sum += count;
        if (at.home == &here) {
            own = &at;  // last, so that the other shards start meanwhile
        } else if (!at.posted.exchange(true)) {
            at.home->request(std::shared_ptr<portioned_work>(alive, &at), at.request);
        }
    }
    if (own != nullptr)
        own->wake_all(alive, how);
    return sum;
}

void channel::waiter::leave() {
    if (!is_linked())
        return;
    if (round_ == home_->round) {
        home_->count.fetch_sub(1);
        home_->home->count(counter::waits_ended);
    } else if (home_->counts(*this)) {
        --home_->signalled;
    }
    unlink();
}

void channel::listening::notify(waiter& self, fate how) {
    auto& waiting = static_cast<listening&>(self);
    if (how == fate::signalled) {
        auto const seen = waiting.who_->changed();
        if (seen && waiting.on_->enlist(self, *self.home_, *seen))
            return;
    }
    waiting.end_(waiting, how);
}

void channel::branch::end(waiter& self, fate how) {
    static_cast<branch&>(self).whole_->finish(how);
}

bool channel::branching::enlist(shard& here, std::span<awaited const> on) {
    branches_.reserve(on.size());
    for (auto const& each : on) {
        auto& added = branches_.emplace_back(*this);
        if (!each.on->enlist(added, here, each.seen)) {
            leave();
            return false;
        }
    }
    return true;
}

void channel::branching::leave() {
    for (auto& each : branches_)
        each.leave();
}

channel::slot::~slot() {
    for (list* each : {&waiters, &woken}) {
        while (!each->empty()) {
            waiter& left = each->front();
            left.unlink();
            left.finish(waiter::fate::dropped);
        }
    }
}

void channel::slot::wake_all(std::shared_ptr<void> const& alive, wake_up how) {
    if (waiters.empty())
        return;
    // Waiters behind those that a queued signal has woken are not resumed before them.
    if (signalled == 0)
        counted_from = how == wake_up::queued ? round : round + 1;
    auto const woken_now = count.exchange(0);
    home->count(counter::waits_ended, woken_now);
    if (counted_from <= round++)
        signalled += woken_now;
    woken.splice(woken.end(), waiters);
    // Not whether any waiter is left to be woken: the last one may be signalling right now, from within run_portion().
    if (std::exchange(queued, true))
        return;
    std::shared_ptr<portioned_work> work(alive, this);
    if (how == wake_up::queued) {
        try {
            home->queue_in_portions(work);
            return;
        } catch (std::bad_alloc const&) {
            how = wake_up::in_place;  // a burst is written message by message then
        }
    }
    home->run_in_portions(std::move(work));
}

void channel::slot::requested(std::shared_ptr<portioned_work> const& self) {
    // Waiters that enlist from here on have seen the change that this wake-up is for, or request another wake-up.
    posted.store(false);
    wake_all(self, wake_up::in_place);
}

bool channel::slot::run_portion(std::size_t most) {
    for (std::size_t done = 0; done < most && !woken.empty(); ++done) {
        waiter& next = woken.front();
        if (counts(next))
            --signalled;
        next.unlink();
        try {
            next.finish(waiter::fate::signalled);
        } catch (...) {  // that waiter's own affair
            log_escaped_exception("a waiter");
        }
    }
    queued = !woken.empty();
    return queued;
}

}  // namespace anteroom
