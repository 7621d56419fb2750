// An asynchronous broadcast channel: whoever waits on it, on any shard, is woken by the next signal.
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

/// Where those who wait on the signaller's own shard are resumed: in place, a portion at a time, or in a later turn of
/// the loop, so that several signals in a row resume them once.
enum class wake_up { in_place, queued };

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

    /// Wakes everybody who waits: those of `here` as `how` says, in portions (see shard::run_in_portions), those of
    /// another shard by one post to it. On the thread of `here`. `alive` owns the channel, which may otherwise go while
    /// its waiters are being woken. Returns how many waited; those of `here` whom a queued signal has woken wait until
    /// they are resumed.
    std::size_t signal(shard& here, std::shared_ptr<void> const& alive, wake_up how = wake_up::in_place);

    /// Completes with `void(error_code)`: without an error after a signal that is newer than `seen`, with
    /// `operation_aborted` when the handler's cancellation slot is emitted (any type: nothing is lost by it). To be
    /// called on the thread of `here`; the handler is dispatched to its executor, never from within this function. The
    /// channel must outlive the operation. The slot is left with a handler that does nothing. Starting and ending a
    /// wait take constant time, however many wait.
    template <class CompletionToken = asio::deferred_t>
    auto async_wait(shard& here, ticket seen, CompletionToken&& token = {});

    /// Completes with `void(error_code)`, as async_wait() does, but without a signal: after those of `here` that are
    /// being woken already, in portions like them, and never from within this function. For what could be done at once
    /// where others would wait for it. `alive` owns the channel until then. Does not count as waiting.
    template <class CompletionToken = asio::deferred_t>
    auto async_turn(shard& here, std::shared_ptr<void> alive, CompletionToken&& token = {});

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
    template <class CompletionToken = asio::deferred_t>
    auto async_listen(shard& here, ticket seen, listener& who, CompletionToken&& token = {});

    /// One of the channels that async_wait_any() waits on, and the ticket that was taken for it.
    struct awaited {
        channel* on;
        ticket seen;
    };
    /// The same on several channels at once: the first signal of any of them ends the wait. Starting and ending it take
    /// time in proportion to the number of channels.
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
    std::vector<slot> slots_;  // one a shard, by index; never grows
};

}  // namespace anteroom

#include <anteroom/room/channel_operation.hpp>  // what its templates are made of
