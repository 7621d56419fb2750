// An asynchronous broadcast channel: a signal wakes all waiters, on any shard.
#pragma once

#include <anteroom/base/shard.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace anteroom {

/// When the waiters on the signaller's own shard are resumed: in place, a portion at a time, or in a later iteration of
/// the loop, so that several signals in a row resume them once.
enum class wake_up { in_place, queued };

/// A signal carries no data: woken waiters read what has changed, each from its own position. That makes it a broadcast
/// without a queue per subscriber, and allows one wake-up to stand for several signals.
///
/// It is an event count: take a ticket, read the state, and if there is nothing new wait with the ticket. A signal that
/// arrives in between ends the wait immediately, so none can be missed, and no lock is held while reading.
class channel {
  public:
    using ticket = std::uint64_t;

    /// The shards that waiters run on, by index; they must outlive the channel.
    explicit channel(std::span<shard* const> shards);
    ~channel();
    channel(channel const&) = delete;
    channel& operator=(channel const&) = delete;

    /// The current ticket, to be taken before reading the state that the channel signals. Any thread.
    ticket now() const noexcept { return signals_.load(); }

    /// The memory that the channel takes besides the object itself, in bytes.
    std::size_t size_in_memory() const noexcept;

    /// The number of waiting operations. Any thread; may be out of date immediately.
    std::size_t waiting() const noexcept;

    /// Wakes all waiters: those of `here` as `how` says, in portions (see shard::run_in_portions), those of another
    /// shard by one request to it. On the thread of `here`. `alive` owns the channel, which might otherwise be
    /// destroyed while its waiters are being woken. Returns how many were waiting, including those that earlier queued
    /// signals have not resumed yet. Needs no memory, so that a change is never without its wake-up.
    std::size_t signal(shard& here, std::shared_ptr<void> const& alive, wake_up how = wake_up::in_place);

    /// Completes with `void(error_code)`: without an error after a signal that is newer than `seen`, with
    /// `operation_aborted` when the handler's cancellation slot is emitted (any type: no data can be lost). Must be
    /// called on the thread of `here`; the handler is dispatched to its executor, never from within this function. The
    /// channel must outlive the operation. The slot is empty afterwards. Starting and ending a
    /// wait take constant time, independent of the number of waiters.
    template <class CompletionToken = asio::deferred_t>
    auto async_wait(shard& here, ticket seen, CompletionToken&& token = {});

    /// Completes with `void(error_code)`, as async_wait() does, but without a signal: after the waiters of `here` that
    /// are being woken already, in portions like them, and never from within this function. For work that could be done
    /// immediately, but would delay others. `alive` owns the channel until then. Does not count as waiting.
    template <class CompletionToken = asio::deferred_t>
    auto async_turn(shard& here, std::shared_ptr<void> alive, CompletionToken&& token = {});

    /// Notified of each signal without ending the wait.
    class listener {
      public:
        /// The channel was signalled. Returns the ticket to continue waiting with, taken before reading what has
        /// changed, or nullopt to end the wait. On the thread of the wait's shard. Must not cancel the wait.
        virtual std::optional<ticket> changed() = 0;

      protected:
        ~listener() = default;
    };
    /// The same as async_wait(), except that a signal ends the wait only if the listener says so: a waiter that does
    /// the same at each signal need not be resumed for it.
    template <class CompletionToken = asio::deferred_t>
    auto async_listen(shard& here, ticket seen, listener& who, CompletionToken&& token = {});

    /// One of the channels that async_wait_any() waits on, and the ticket that was taken from it.
    struct awaited {
        channel* on;
        ticket seen;
    };
    /// The same on several channels at once: the first signal of any of them ends the wait. Starting and ending it take
    /// time proportional to the number of channels.
    template <class CompletionToken = asio::deferred_t>
    static auto async_wait_any(shard& here, std::span<awaited const> on, CompletionToken&& token = {});

  private:
    class waiter;
    class branch;
    class branching;
    class listening;
    template <class Handler, class Base>
    class operation;
    struct slot;

    template <class Base, class Handler, class Enlist>
    static void begin(Handler&& handler, shard& here, Enlist const& enlist);
    bool enlist(waiter& who, shard& here, ticket seen);
    bool enlist(waiter& who, slot& at, ticket seen);
    void queue(waiter& who, shard& here, std::shared_ptr<void> const& alive);

    std::atomic<ticket> signals_{0};
    std::vector<slot> slots_;  // one per shard, by index; never grows
};

}  // namespace anteroom

#include <anteroom/room/channel_operation.hpp>  // the implementation of its templates
