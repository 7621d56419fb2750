// A shard: one thread's share of the server, with its own event loop, deadlines and wake-ups.
#pragma once

#include <anteroom/base/awaitable.hpp>
#include <anteroom/base/counters.hpp>
#include <anteroom/base/deadline_wheel.hpp>
#include <anteroom/base/handler_memory.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <memory>

namespace anteroom {

/// Work that is done in portions, so that a large job does not block the rest of a shard.
class portioned_work {
  public:
    /// Does at most `most` units of work and returns whether more is left. On the thread of the shard.
    virtual bool run_portion(std::size_t most) = 0;
    /// Called after shard::request(), on the thread of that shard.
    virtual void requested(std::shared_ptr<portioned_work> const&) {}

  protected:
    ~portioned_work() = default;
};

/// The memory of a request from another thread: see shard::request(). One at a time.
class work_request {
    friend class shard;
    std::shared_ptr<portioned_work> of_;
    work_request* next_ = nullptr;
};

/// Everything in a shard happens on the one thread that calls run(), unless a function says otherwise.
class shard {
  public:
    /// `index` numbers the shards of a server from 0.
    explicit shard(std::size_t index);
    ~shard();
    shard(shard const&) = delete;
    shard& operator=(shard const&) = delete;

    std::size_t index() const noexcept { return index_; }
    asio::io_context& io() noexcept { return io_; }
    executor get_executor() noexcept { return io_.get_executor(); }

    void count(counter what, std::uint64_t by = 1) noexcept { counters_.add(what, by); }
    /// Any thread.
    counters const& counted() const noexcept { return counters_; }

    /// Runs the event loop until stop() is called or no work is left. An exception that leaves a handler is logged, and
    /// ends no more than that handler.
    void run();
    /// Discards all deadlines, current and future, so that run() returns once no other work is left.
    void retire();

    /// What frees memory on this shard that somebody has held for long, when there is none for others.
    void set_relief(std::function<void()> how) { relief_ = std::move(how); }
    /// Does that, but not again within a tenth of a second: what it has freed has to be found missing first.
    void relieve();

    /// Sets or moves a deadline to `delay` milliseconds from now. It never expires early, at most twice the wheel's
    /// granularity late, and later than that only while the shard is busy.
    void expires_after(deadline& entry, milliseconds delay);

    /// Expires the deadlines that are due, at most about `most`, as the shard's timer does; all of them for tests with
    /// virtual time.
    void expire_due(std::size_t most = std::numeric_limits<std::size_t>::max());

    /// Queues work and does its first portion immediately, in place, unless queued work is being done already. The rest
    /// follows in portions, round-robin with other queued work, and the event loop runs between them.
    void run_in_portions(std::shared_ptr<portioned_work> work);
    /// The same, but does nothing in place. Throws if there is no memory for the queue.
    void queue_in_portions(std::shared_ptr<portioned_work> work);
    /// Has `work->requested()` called soon, on the thread of this shard. Any thread. Needs no memory but `with`, which
    /// lives as long as `work` and is free again when the call begins; so it cannot fail.
    void request(std::shared_ptr<portioned_work> work, work_request& with);

  private:
    // Less than a poller reports in one batch: an overloaded shard thus reads requests faster than it answers them, and
    // so gets to see what it is asked for.
    static constexpr std::size_t portion = 128;
    // The same for deadlines: thousands may be due at once.
    static constexpr std::size_t most_expired = 512;

    /// Whether the timer need not be armed for a deadline. It is moved to an earlier time only: deadlines of equal
    /// length arrive one after the other, and if each moved the timer to its own time, it would never fire as long as
    /// they keep coming.
    bool fires_by(std::int64_t due) const noexcept {
        return retired_ || (armed_for_ != 0 && armed_for_ <= due + deadline_wheel::granularity);
    }
    void arm(std::int64_t due);
    void turn();
    void post_turn();
    void take_requests();
    void do_at_once(portioned_work& work);

    // For handlers of the loop, of which there is one at a time of each kind, so that queueing them cannot fail.
    static constexpr std::size_t handler_size = 192;
    using loop_memory = handler_memory<handler_size>;

    std::size_t index_;
    loop_memory timer_memory_;
    loop_memory turn_memory_;
    loop_memory request_memory_;
    asio::io_context io_;
    deadline_wheel wheel_;
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>
        timer_;
    std::int64_t armed_for_ = 0;  // when the timer fires; 0: not armed
    std::deque<std::shared_ptr<portioned_work>> work_;
    std::function<void()> relief_;
    std::int64_t relieved_ = std::numeric_limits<std::int64_t>::min() / 2;  // when, in ms on the steady clock
    std::atomic<work_request*> requests_{nullptr};                          // the newest first
    bool working_ = false;
    bool retired_ = false;
    counters counters_;
};

}  // namespace anteroom
