// Responses to publishes with an Idempotency-Key, kept for as long as the publishes may be retried.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/base/keyed_hash.hpp>
#include <anteroom/room/channel.hpp>
#include <anteroom/room/message.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace anteroom {

/// A window that is bounded in time, in number and in bytes: the oldest responses are evicted first. A key is scoped to
/// a room; a publish to several rooms is a repeat if the key is known in any of them. Any thread.
class idempotency_window {
  public:
    static constexpr std::size_t max_answers = 100'000;

    /// The meter must outlive it: what is remembered counts against the memory budget.
    idempotency_window(std::span<shard* const> shards, milliseconds length, std::size_t most_bytes,
                       memory_meter& meter);
    ~idempotency_window();
    idempotency_window(idempotency_window const&) = delete;
    idempotency_window& operator=(idempotency_window const&) = delete;

    class entry;
    using entry_ptr = std::shared_ptr<entry>;

    enum class standing { first, under_way, answered, different };
    struct finding {
        standing is;
        entry_ptr what;      // first: must be passed to answer() or give_up()
        std::string answer;  // answered: the first response
    };

    /// Returns whether a publish is the first with its key, and if so, records it. `now` is in ms on the steady clock.
    /// `content` stands for what is published; with another one a known key is `different`, answered or not. 0:
    /// unknown, and the same as any.
    finding begin(std::span<std::string_view const> rooms, std::string_view key, std::int64_t now = steady_now(),
                  std::uint64_t content = 0);

    /// Records the response to the first publish; empty if there was no memory for it. Needs no memory but to wake
    /// those who wait on other shards.
    void answer(entry_ptr const& first, std::string with, shard& here, std::int64_t now = steady_now());
    /// The first publish has failed and nothing was appended: the next one with the key becomes the first.
    void give_up(entry_ptr const& first, shard& here);

    /// Discards responses whose window has ended, at most `most`; returns whether more are left. Must be called a few
    /// times a second.
    bool sweep_some(std::size_t most, std::int64_t now = steady_now());

    /// The memory that remembered responses take, in bytes.
    std::size_t bytes() noexcept {
        std::lock_guard const lock(mutex_);
        return bytes_;
    }

    /// Signalled when a publish in progress has been answered or has failed.
    channel& changes() noexcept { return *changes_; }

  private:
    void forget(entry& what);
    bool expire(std::int64_t now, std::size_t most);

    milliseconds length_;
    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    memory_meter& meter_;
    std::shared_ptr<channel> changes_;
    std::mutex mutex_;  // held briefly, and never during a publish
    std::unordered_map<std::string, entry_ptr, keyed_hash> entries_;
    std::list<entry_ptr> answered_;  // oldest first
};

}  // namespace anteroom
