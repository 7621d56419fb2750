#include <anteroom/base/shard.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace anteroom {

// One thread runs the loop and all of its sockets, so the reactor's own locks are disabled; posting from other shards
// still takes the scheduler's lock.
shard::shard(std::size_t index)
    : index_(index), io_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO), wheel_(steady_now()), timer_(io_.get_executor()) {}

shard::~shard() = default;

void shard::expires_after(deadline& entry, milliseconds delay) {
    std::int64_t const due = steady_now() + delay.count();
    wheel_.set(entry, due);
    arm(due);
}

void shard::retire() {
    retired_ = true;
    timer_.cancel();
}

void shard::arm(std::int64_t due) {
    // Only ever to an earlier time: deadlines of equal length arrive one after the other, and if each moved the timer
    // to its own time, the timer would never fire as long as they keep coming.
    if (retired_ || (armed_for_ != 0 && armed_for_ <= due + deadline_wheel::granularity))
        return;
    std::int64_t const now = steady_now();
    armed_for_ = std::max(due + deadline_wheel::granularity, now + 1);
    timer_.expires_after(milliseconds(armed_for_ - now));
    timer_.async_wait([this](boost::system::error_code ec) {
        if (!ec)
            expire_due(most_expired);
    });
}

void shard::expire_due(std::size_t most) {
    armed_for_ = 0;
    wheel_.advance(steady_now(), most);
    if (auto const next = wheel_.next())
        arm(*next);
}

void shard::run_in_portions(std::shared_ptr<portioned_work> work) {
    work_.push_back(std::move(work));
    // A woken handler may publish in turn; queueing that work keeps the stack flat however long such a chain is.
    if (!working_ && work_.size() == 1)
        turn();
}

void shard::queue_in_portions(std::shared_ptr<portioned_work> work) {
    work_.push_back(std::move(work));
    if (!working_ && work_.size() == 1)
        asio::post(io_, [this] { turn(); });
}

void shard::turn() {
    working_ = true;
    std::size_t const rounds = work_.size();
    for (std::size_t i = 0; i < rounds; ++i) {
        auto work = std::move(work_.front());
        work_.pop_front();
        if (work->run_portion(portion))
            work_.push_back(std::move(work));
    }
    working_ = false;
    if (!work_.empty())
        asio::post(io_, [this] { turn(); });
}

}  // namespace anteroom
