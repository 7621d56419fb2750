#include <anteroom/base/shard.hpp>
#include <anteroom/base/spawn.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace anteroom {

// One thread runs the loop and all of its sockets, so the reactor's own locks are disabled; posting from other shards
// still takes the scheduler's lock.
shard::shard(std::size_t index)
    : index_(index), io_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO), wheel_(steady_now()), timer_(io_.get_executor()) {}

shard::~shard() {
    // What was requested and has not begun.
    for (auto* each = requests_.exchange(nullptr); each != nullptr;) {
        auto const held = std::move(each->of_);
        each = each->next_;
    }
}

void shard::run() {
    for (;;) {
        try {
            io_.run();
            return;
        } catch (...) {
            log_escaped_exception("a handler");
        }
    }
}

void shard::relieve() {
    constexpr std::int64_t apart = 100;
    auto const now = steady_now();
    if (!relief_ || now - relieved_ < apart)
        return;
    relieved_ = now;
    relief_();
}

void shard::expires_after(deadline& entry, milliseconds delay) {
    std::int64_t const due = steady_now() + delay.count();
    wheel_.set(entry, due);
    if (!fires_by(due))
        arm(due);
}

void shard::retire() {
    retired_ = true;
    timer_.cancel();
}

void shard::arm(std::int64_t due) {
    std::int64_t const now = steady_now();
    armed_for_ = std::max(due + deadline_wheel::granularity, now + 1);
    try {
        timer_.expires_after(milliseconds(armed_for_ - now));
        timer_.async_wait(asio::bind_allocator(handler_allocator<void, handler_size>(timer_memory_),
                                               [this](boost::system::error_code ec) {
                                                   // A wait that was cancelled for one that could not be begun: its
                                                   // memory is free now.
                                                   if (!ec || armed_for_ == 0)
                                                       expire_due(most_expired);
                                               }));
    } catch (...) {
        armed_for_ = 0;
        if (!timer_memory_.in_use())
            throw;
    }
}

void shard::expire_due(std::size_t most) {
    armed_for_ = 0;
    wheel_.advance(steady_now(), most);
    if (auto const next = wheel_.next(); next && !fires_by(*next))
        arm(*next);
}

void shard::run_in_portions(std::shared_ptr<portioned_work> work) {
    try {
        work_.push_back(work);
    } catch (std::bad_alloc const&) {
        do_at_once(*work);
        return;
    }
    work.reset();
    // A woken handler may publish in turn; queueing that work keeps the stack flat however long such a chain is.
    if (!working_ && work_.size() == 1)
        turn();
}

void shard::queue_in_portions(std::shared_ptr<portioned_work> work) {
    work_.push_back(std::move(work));
    if (!working_ && work_.size() == 1)
        post_turn();
}

void shard::post_turn() {
    asio::post(io_, asio::bind_allocator(handler_allocator<void, handler_size>(turn_memory_), [this] { turn(); }));
}

// Without memory to queue it: fairness is what can be given up.
void shard::do_at_once(portioned_work& work) {
    while (work.run_portion(portion)) {
    }
}

void shard::turn() {
    working_ = true;
    std::size_t const rounds = work_.size();
    for (std::size_t i = 0; i < rounds; ++i) {
        auto work = std::move(work_.front());
        work_.pop_front();
        try {
            if (work->run_portion(portion))
                work_.push_back(work);
        } catch (std::bad_alloc const&) {
            do_at_once(*work);
        }
    }
    working_ = false;
    if (!work_.empty())
        post_turn();
}

void shard::request(std::shared_ptr<portioned_work> work, work_request& with) {
    with.of_ = std::move(work);
    auto* older = requests_.load(std::memory_order_relaxed);
    do {
        with.next_ = older;
    } while (!requests_.compare_exchange_weak(older, &with, std::memory_order_acq_rel));
    // Only the first one posts, and the memory for that is free once its handler has begun, and taken the list. (`with`
    // is the shard's by now.)
    if (older == nullptr)
        asio::post(io_, asio::bind_allocator(handler_allocator<void, handler_size>(request_memory_),
                                             [this] { take_requests(); }));
}

void shard::take_requests() {
    work_request* oldest = nullptr;
    for (auto* each = requests_.exchange(nullptr, std::memory_order_acq_rel); each != nullptr;) {
        auto* const older = each->next_;
        each->next_ = oldest;
        oldest = std::exchange(each, older);
    }
    while (oldest != nullptr) {
        auto* const next = oldest->next_;
        auto const of = std::move(oldest->of_);
        oldest = next;
        try {
            of->requested(of);
        } catch (...) {
            log_escaped_exception("a request of another shard");
        }
    }
}

}  // namespace anteroom
