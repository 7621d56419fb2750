// An asynchronous broadcast channel: whoever waits on it, on any shard, is woken by the next signal.
#pragma once

#include <anteroom/base/shard.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/intrusive/list.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace anteroom {

/// How a wait on a channel ends.
enum class wake { signalled, cancelled };

/// A signal carries nothing: those it wakes look at what has changed, each from its own place. That is what makes it a
/// broadcast without a queue per subscriber, and makes it harmless that one wake-up may stand for several signals.
///
/// It is an event count: take a ticket, look at the state, and if there is nothing new wait with the ticket. A signal
/// that comes in between ends the wait at once, so none can be missed, and no lock is held while looking.
class channel {
  public:
    using ticket = std::uint64_t;

    /// The shards that waiters live on, by index; they must outlive the channel.
    explicit channel(std::span<shard* const> shards);
    ~channel();
    channel(channel const&) = delete;
    channel& operator=(channel const&) = delete;

    /// To be taken before looking at what the channel signals. Any thread.
    ticket now() const noexcept { return signals_.load(); }

    /// What the channel takes beside itself, in bytes.
    std::size_t size_in_memory() const noexcept;

    /// How many operations wait. Any thread; out of date at once.
    std::size_t waiting() const noexcept;

    /// Wakes everybody who waits: those of `here` in place, a portion at a time (see shard::run_in_portions), those of
    /// another shard by one post to it. On the thread of `here`. `alive` owns the channel, which may otherwise go while
    /// its waiters are being woken. Returns how many waited.
    std::size_t signal(shard& here, std::shared_ptr<void> const& alive);

    /// Completes with `void(wake)`: `signalled` after a signal that is newer than `seen`, `cancelled` when the
    /// handler's cancellation slot is emitted (any type: nothing is lost by it). On the thread of `here`, which must be
    /// the handler's executor too: the handler is dispatched there, never from within this function. The channel
    /// must outlive the operation. Starting and ending a wait take constant time, however many wait.
    template <class CompletionToken>
    auto async_wait(shard& here, ticket seen, CompletionToken&& token);

    /// Somebody who is told of each signal without the wait ending.
    class listener {
      public:
        /// The channel was signalled. Returns the ticket to go on waiting with, taken before looking at what has
        /// changed, or nothing to end the wait. On the thread of the wait's shard. Must not cancel the wait.
        virtual std::optional<ticket> changed() = 0;

      protected:
        ~listener() = default;
    };
    /// The same as async_wait(), but that a signal ends the wait only if the listener says so: whoever does the same
    /// at each signal need not be resumed for it.
    template <class CompletionToken>
    auto async_listen(shard& here, ticket seen, listener& who, CompletionToken&& token);

    /// One of the channels that async_wait_any() waits on, and the ticket that was taken for it.
    struct awaited {
        channel* on;
        ticket seen;
    };
    /// The same on several channels at once: the first signal of any of them ends the wait. Starting and ending it take
    /// time in proportion to the number of channels.
    template <class CompletionToken>
    static auto async_wait_any(shard& here, std::span<awaited const> on, CompletionToken&& token);

  private:
    class waiter;
    class branch;
    class branching;
    class listening;
    template <class Handler, class Base>
    class operation;
    struct initiate;
    struct initiate_listening;
    struct initiate_any;
    struct slot;

    bool enlist(waiter& who, slot& at, ticket seen);

    std::atomic<ticket> signals_{0};
    std::vector<std::unique_ptr<slot>> slots_;
};

/// The part of a wait that does not depend on its handler.
class channel::waiter
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    enum class fate { dispatch, post, destroy };

    /// Ends the operation and frees it.
    void finish(fate how, wake result) { finish_(*this, how, result); }
    /// Takes the operation out of the list it is in, if it is in one.
    void leave();
    /// Does so and posts its completion.
    void cancel() {
        leave();
        finish(fate::post, wake::cancelled);
    }

  protected:
    using finish_function = void (*)(waiter&, fate, wake);
    explicit waiter(finish_function how) noexcept : finish_(how) {}
    ~waiter() = default;

  private:
    friend class channel;
    friend struct slot;
    finish_function finish_;
    slot* home_ = nullptr;
    std::uint64_t round_ = 0;  // the wake-up of its slot that it waits for
};

/// What a wait on several channels has on each of them.
class channel::branch final : public waiter {
  public:
    explicit branch(branching& of) noexcept : waiter(&branch::end), whole_(&of) {}
    // Only while it is in no list: when the vector grows that holds it.
    branch(branch&& other) noexcept : branch(*other.whole_) {}

  private:
    static void end(waiter& self, fate how, wake result);

    branching* whole_;
};

/// A waiter that tells a listener first.
class channel::listening : public waiter {
  public:
    /// To be called before it is enlisted.
    void tell(channel& on, listener& who) noexcept {
        on_ = &on;
        who_ = &who;
    }

  protected:
    using end_function = void (*)(listening&, fate, wake);
    explicit listening(end_function how) noexcept : waiter(&listening::hear), end_(how) {}
    ~listening() = default;

  private:
    static void hear(waiter& self, fate how, wake result);

    end_function end_;
    channel* on_ = nullptr;
    listener* who_ = nullptr;
};

/// The part of a wait on several channels that does not depend on its handler.
class channel::branching {
  public:
    using fate = waiter::fate;

    /// Enlists with all channels; false, and with none, where one of them was signalled since its ticket was taken.
    bool enlist(shard& here, std::span<awaited const> on);
    void finish(fate how, wake result) {
        leave();
        finish_(*this, how, result);
    }
    void cancel() { finish(fate::post, wake::cancelled); }

  protected:
    using finish_function = void (*)(branching&, fate, wake);
    explicit branching(finish_function how) noexcept : finish_(how) {}
    ~branching() = default;

  private:
    void leave();

    finish_function finish_;
    std::vector<branch> branches_;
};

/// A channel's waiters on one shard; all but the atomics belong to that shard's thread.
struct channel::slot final : portioned_work {
    explicit slot(shard& at) noexcept : home(&at) {}
    ~slot();
    bool run_portion(std::size_t most) override;
    void wake_all(std::shared_ptr<void> const& alive);

    using list = boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>>;

    shard* home;
    std::atomic<std::size_t> count{0};  // how many are in `waiters`
    std::atomic<bool> posted{false};    // another shard has asked for a wake-up that has not begun
    std::uint64_t round = 0;
    bool queued = false;  // with its shard, as work to be done in portions
    list waiters;
    list woken;  // have been signalled and not been resumed yet
};

/// `Base` is waiter, listening or branching.
template <class Handler, class Base>
class channel::operation final : public Base {
  public:
    using work_guard = asio::executor_work_guard<asio::associated_executor_t<Handler, executor>>;
    using allocator =
        typename std::allocator_traits<asio::associated_allocator_t<Handler>>::template rebind_alloc<operation>;

    operation(Handler&& handler, shard& here)
        : Base(&operation::end),
          handler_(std::move(handler)),
          work_(asio::get_associated_executor(handler_, here.get_executor())) {}

    static operation* make(Handler&& handler, shard& here) {
        allocator memory(asio::get_associated_allocator(handler));
        auto* const place = std::allocator_traits<allocator>::allocate(memory, 1);
        return ::new (static_cast<void*>(place)) operation(std::move(handler), here);
    }

    void allow_cancellation() {
        auto cancelled_by = asio::get_associated_cancellation_slot(handler_);
        if (cancelled_by.is_connected()) {
            cancelled_by.assign([this](asio::cancellation_type type) {
                if (type != asio::cancellation_type::none)
                    this->cancel();
            });
        }
    }

  private:
    using fate = waiter::fate;

    static void end(Base& base, fate how, wake result) {
        auto& self = static_cast<operation&>(base);
        // The memory goes back before the handler runs, so that the wait which it may start can have it again.
        Handler handler(std::move(self.handler_));
        work_guard const work(std::move(self.work_));
        allocator memory(asio::get_associated_allocator(handler));
        self.~operation();
        std::allocator_traits<allocator>::deallocate(memory, &self, 1);
        if (how == fate::destroy)
            return;
        if (auto cancelled_by = asio::get_associated_cancellation_slot(handler); cancelled_by.is_connected())
            cancelled_by.clear();
        auto const at = work.get_executor();
        if (how == fate::post)
            asio::post(at, asio::append(std::move(handler), result));
        else
            asio::dispatch(at, asio::append(std::move(handler), result));
    }

    Handler handler_;
    work_guard work_;
};

struct channel::initiate {
    template <class Handler>
    void operator()(Handler&& handler, channel* self, shard* here, ticket seen) const {
        auto* const wait = operation<std::decay_t<Handler>, waiter>::make(std::forward<Handler>(handler), *here);
        if (self->enlist(*wait, *self->slots_[here->index()], seen))
            wait->allow_cancellation();
        else
            wait->finish(waiter::fate::post, wake::signalled);
    }
};

struct channel::initiate_listening {
    template <class Handler>
    void operator()(Handler&& handler, channel* self, shard* here, ticket seen, listener* who) const {
        auto* const wait = operation<std::decay_t<Handler>, listening>::make(std::forward<Handler>(handler), *here);
        wait->tell(*self, *who);
        if (self->enlist(*wait, *self->slots_[here->index()], seen))
            wait->allow_cancellation();
        else
            wait->finish(waiter::fate::post, wake::signalled);
    }
};

template <class CompletionToken>
auto channel::async_listen(shard& here, ticket seen, listener& who, CompletionToken&& token) {
    return asio::async_initiate<CompletionToken, void(wake)>(initiate_listening{}, token, this, &here, seen, &who);
}

struct channel::initiate_any {
    template <class Handler>
    void operator()(Handler&& handler, shard* here, std::span<awaited const> on) const {
        auto* const wait = operation<std::decay_t<Handler>, branching>::make(std::forward<Handler>(handler), *here);
        if (wait->enlist(*here, on))
            wait->allow_cancellation();
        else
            wait->finish(waiter::fate::post, wake::signalled);
    }
};

template <class CompletionToken>
auto channel::async_wait_any(shard& here, std::span<awaited const> on, CompletionToken&& token) {
    return asio::async_initiate<CompletionToken, void(wake)>(initiate_any{}, token, &here, on);
}

template <class CompletionToken>
auto channel::async_wait(shard& here, ticket seen, CompletionToken&& token) {
    return asio::async_initiate<CompletionToken, void(wake)>(initiate{}, token, this, &here, seen);
}

}  // namespace anteroom
