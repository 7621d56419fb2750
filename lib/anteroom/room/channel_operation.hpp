// The operations of a channel: what is enlisted in it, and how it completes. The second half of channel.hpp, which
// includes it; either can be included first.
#pragma once

#include <anteroom/base/posted_completion.hpp>
#include <anteroom/room/channel.hpp>  // NOLINT(misc-header-include-cycle)

#include <boost/asio/append.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/intrusive/list.hpp>

#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace anteroom {

/// The part of a wait that does not depend on its handler.
class channel::waiter
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    /// How an operation completes: its handler is dispatched after a signal, or posted if the signal had been sent
    /// already; posted with `operation_aborted`; or destroyed.
    enum class fate { signalled, signalled_before, cancelled, dropped };

    /// Completes the operation and frees it.
    void finish(fate how) { finish_(*this, how); }
    /// Removes the operation from the list that it is in, if any.
    void leave();
    /// Removes it likewise, and posts its completion.
    void cancel() {
        leave();
        finish(fate::cancelled);
    }

  protected:
    using finish_function = void (*)(waiter&, fate);
    explicit waiter(finish_function how) noexcept : finish_(how) {}
    ~waiter() = default;

  private:
    friend class channel;
    friend struct slot;
    finish_function finish_;
    slot* home_ = nullptr;
    static constexpr std::uint64_t takes_a_turn = 0;
    std::uint64_t round_ = takes_a_turn;  // the wake-up of its slot that it waits for, if it waits for a signal
};

/// The entry of a wait on several channels in one of them.
class channel::branch final : public waiter {
  public:
    explicit branch(branching& of) noexcept : waiter(&branch::end), whole_(&of) {}
    // Only while it is in no list: when the vector that holds it grows.
    branch(branch&& other) noexcept : branch(*other.whole_) {}

  private:
    static void end(waiter& self, fate how);

    branching* whole_;
};

/// A waiter that notifies a listener first.
class channel::listening : public waiter {
  public:
    /// Must be called before it is enlisted.
    void set_listener(channel& on, listener& who) noexcept {
        on_ = &on;
        who_ = &who;
    }

  protected:
    using end_function = void (*)(listening&, fate);
    explicit listening(end_function how) noexcept : waiter(&listening::notify), end_(how) {}
    ~listening() = default;

  private:
    static void notify(waiter& self, fate how);

    end_function end_;
    channel* on_ = nullptr;
    listener* who_ = nullptr;
};

/// The part of a wait on several channels that does not depend on its handler.
class channel::branching {
  public:
    using fate = waiter::fate;

    /// Enlists with all channels; returns false, and enlists with none, if one of them was signalled since its ticket
    /// was taken.
    bool enlist(shard& here, std::span<awaited const> on);
    void finish(fate how) {
        leave();
        finish_(*this, how);
    }
    void cancel() { finish(fate::cancelled); }

  protected:
    using finish_function = void (*)(branching&, fate);
    explicit branching(finish_function how) noexcept : finish_(how) {}
    ~branching() = default;

  private:
    void leave();

    finish_function finish_;
    std::vector<branch> branches_;
};

/// A channel's waiters on one shard; all members but the atomics belong to that shard's thread. On cache lines of its
/// own, so that accesses by one shard do not slow down others.
struct alignas(64) channel::slot final : portioned_work {
    ~slot();
    bool run_portion(std::size_t most) override;
    void requested(std::shared_ptr<portioned_work> const& self) override;
    void wake_all(std::shared_ptr<void> const& alive, wake_up how);
    /// Whether one in `woken` is among the `signalled`.
    bool counts(waiter const& one) const noexcept { return one.round_ >= counted_from; }

    using list = boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>>;

    // In the first cache line, what a wait and an immediate wake-up use.
    shard* home = nullptr;
    std::atomic<std::size_t> count{0};  // how many are in `waiters`
    std::uint64_t round = 1;            // of the next wake-up
    list waiters;
    list woken;  // signalled and not resumed yet
    // In the second, the rest.
    std::size_t signalled = 0;        // how many in `woken` still count as waiting, since a queued signal
    std::uint64_t counted_from = 1;   // the first round whose waiters are among them
    std::atomic<bool> posted{false};  // another shard has asked for a wake-up that has not begun
    bool queued = false;              // with its shard, as work to be done in portions
    work_request request;             // that wake-up
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

    static void end(Base& base, fate how) {
        auto& self = static_cast<operation&>(base);
        // The memory is freed before the handler runs, so that a wait which it starts can reuse it.
        Handler handler(std::move(self.handler_));
        work_guard const work(std::move(self.work_));
        allocator memory(asio::get_associated_allocator(handler));
        self.~operation();
        std::allocator_traits<allocator>::deallocate(memory, &self, 1);
        // The signal of its slot may have been destroyed before.
        if (how == fate::dropped)
            return;
        if (auto cancelled_by = asio::get_associated_cancellation_slot(handler); cancelled_by.is_connected())
            cancelled_by.clear();
        boost::system::error_code const ec =
            how == fate::cancelled ? asio::error::operation_aborted : boost::system::error_code();
        auto const at = work.get_executor();
        if (how != fate::signalled)
            asio::post(at, posted_completion(std::move(handler), ec));
        else if (runs_here(at))
            std::move(handler)(ec);  // equivalent to dispatch(), without its fence
        else
            asio::dispatch(at, asio::append(std::move(handler), ec));
    }
    template <class Executor>
    static bool runs_here(Executor const& at) noexcept {
        if constexpr (std::is_same_v<Executor, executor>)
            return at.running_in_this_thread();
        else
            return false;
    }

    Handler handler_;
    work_guard work_;
};

/// Creates an operation, and calls `enlist` to enlist it; false: a signal has been sent already, and completes it
/// immediately. So does a lack of memory for creating or enlisting it: an exception here would not reach the coroutine
/// that awaits the operation, but whatever has resumed it; the coroutine tries again.
template <class Base, class Handler, class Enlist>
void channel::begin(Handler&& handler, shard& here, Enlist const& enlist) {
    using made = operation<std::decay_t<Handler>, Base>;
    made* wait = nullptr;
    try {
        wait = made::make(std::forward<Handler>(handler), here);
    } catch (std::bad_alloc const&) {  // the handler was not moved
        auto const at = asio::get_associated_executor(handler, here.get_executor());
        asio::post(
            at, posted_completion(std::decay_t<Handler>(std::forward<Handler>(handler)), boost::system::error_code()));
        return;
    }
    bool enlisted = false;
    try {
        enlisted = enlist(*wait);
    } catch (std::bad_alloc const&) {
        enlisted = false;  // as if it had been signalled
    }
    if (enlisted)
        wait->allow_cancellation();
    else
        wait->finish(waiter::fate::signalled_before);
}

template <class CompletionToken>
auto channel::async_wait(shard& here, ticket seen, CompletionToken&& token) {
    return asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        [](auto&& handler, channel* self, shard* on, ticket after) {
            begin<waiter>(std::forward<decltype(handler)>(handler), *on,
                          [&](waiter& wait) { return self->enlist(wait, *on, after); });
        },
        token, this, &here, seen);
}

template <class CompletionToken>
auto channel::async_turn(shard& here, std::shared_ptr<void> alive, CompletionToken&& token) {
    return asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        [](auto&& handler, channel* self, shard* on, std::shared_ptr<void> const& owner) {
            begin<waiter>(std::forward<decltype(handler)>(handler), *on, [&](waiter& wait) {
                self->queue(wait, *on, owner);
                return true;
            });
        },
        token, this, &here, std::move(alive));
}

template <class CompletionToken>
auto channel::async_listen(shard& here, ticket seen, listener& who, CompletionToken&& token) {
    return asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        [](auto&& handler, channel* self, shard* on, ticket after, listener* notified) {
            begin<listening>(std::forward<decltype(handler)>(handler), *on, [&](listening& wait) {
                wait.set_listener(*self, *notified);
                return self->enlist(wait, *on, after);
            });
        },
        token, this, &here, seen, &who);
}

template <class CompletionToken>
auto channel::async_wait_any(shard& here, std::span<awaited const> on, CompletionToken&& token) {
    return asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        [](auto&& handler, shard* at, std::span<awaited const> all) {
            begin<branching>(std::forward<decltype(handler)>(handler), *at,
                             [&](branching& wait) { return wait.enlist(*at, all); });
        },
        token, &here, on);
}

}  // namespace anteroom
