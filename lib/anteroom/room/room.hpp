// A room: a bounded log of messages, and a channel that signals every change.
#pragma once

#include <anteroom/room/channel.hpp>
#include <anteroom/room/history.hpp>

#include <boost/container/small_vector.hpp>
#include <boost/intrusive/set_hook.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace anteroom {

using message_ids = boost::container::small_vector<cursor, 1>;

/// A summary of a room.
struct room_facts {
    std::string name;
    std::size_t messages = 0;
    std::size_t bytes = 0;
    cursor first;  // the id of the oldest message that is kept; only meaningful if there are messages
    cursor last;   // the cursor after the newest message ever published
    std::size_t subscribers = 0;
};

/// Shared by all shards; any thread unless a function says otherwise. Owned by its hub and its users.
class room : public std::enable_shared_from_this<room> {
  public:
    room(std::string name, std::uint64_t epoch, std::span<shard* const> shards, history_limits const& limits,
         memory_meter& meter);

    ~room();
    room(room const&) = delete;
    room& operator=(room const&) = delete;

    std::string const& name() const noexcept { return name_; }

    /// Prepares for appending `count` messages: see history::reserve().
    void reserve(std::size_t count, commitment when = commitment::immediate);
    /// Appends messages, all together, and adds their ids to `ids`: they have positions then. Does not wake waiters:
    /// see wake(). Moves from `what`. If memory is exhausted, it throws and has appended nothing; after reserve() that
    /// can only be if the room was changed meanwhile (another publish took the space, or eviction released it).
    void append(std::span<new_message_ptr> what, moment now, message_ids& ids, commitment when = commitment::immediate);
    /// Makes messages readable that were appended to be committed later, and returns whether they are: not before all
    /// messages that were appended earlier. Does not wake waiters.
    bool commit(cursor first, cursor last);
    /// Wakes all waiters, on the thread of `here`, and returns their number: see channel::signal().
    std::size_t wake(shard& here, wake_up how = wake_up::in_place);
    /// Drops the messages and begins a new life of the room. Does not wake waiters.
    void restart(std::uint64_t epoch);

    /// Whether a cursor is at the end of the room: no messages after it and no gap. Cheaper than read(). A result of
    /// true may be out of date; a caller that took a ticket of changes() before is then woken by it.
    bool ends_at(cursor at) const noexcept { return at.number == end_number_.load() && at.epoch == end_epoch_.load(); }
    /// Reads the messages after a cursor: see history::read().
    batch read(cursor after, std::size_t limit);
    /// Reads the messages before one: see history::before().
    batch before(std::optional<cursor> before, std::size_t limit);

    /// Signalled after every change of the result of read().
    channel& changes() noexcept { return changes_; }
    /// The number of leases, of waiting subscribers and of those between two polls. Any thread; may be out of date
    /// immediately.
    std::size_t leases() const noexcept { return static_cast<std::size_t>(weak_from_this().use_count()); }

    room_facts facts();
    /// The cursor after the newest message.
    cursor end();

    /// Evicts the oldest messages until that many bytes are freed; returns how many were.
    std::size_t evict(std::size_t bytes);

    /// Bytes and number of messages kept, ms on the steady clock since the last use (0 while there are waiters), and
    /// whether it has or ever had messages.
    std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }
    std::size_t messages() const noexcept { return messages_.load(std::memory_order_relaxed); }
    std::int64_t idle(std::int64_t steady_time) const noexcept;
    bool ever_published() const noexcept { return ever_published_.load(std::memory_order_relaxed); }
    /// Evicts expired messages and returns whether none is left.
    bool is_empty();
    void touch() noexcept;

  private:
    friend class room_index;
    using index_hook = boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>>;

    /// The memory of the room itself, which is counted in the meter in addition to its messages.
    std::size_t charge() const noexcept;
    void expire(std::int64_t now);
    void settle() noexcept;
    void count(std::size_t before, std::size_t now) noexcept;

    // First what a poll touches before it waits, so that these are adjacent in the cache.
    channel changes_;
    std::atomic<std::uint64_t> end_epoch_;
    std::atomic<std::uint64_t> end_number_{0};
    std::string name_;
    history_limits const& limits_;
    memory_meter& meter_;
    std::mutex mutex_;  // guards history_, briefly: nothing is encoded, woken or written while it is held
    history history_;
    std::atomic<std::size_t> bytes_{0};
    std::atomic<std::size_t> messages_{0};
    std::atomic<std::int64_t> last_used_;
    std::atomic<bool> ever_published_{false};
    index_hook in_index_;
};

}  // namespace anteroom
