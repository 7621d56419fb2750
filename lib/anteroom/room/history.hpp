// The bounded log of a room: its newest messages, and an exact account of those that were evicted.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/room/message.hpp>

#include <boost/circular_buffer.hpp>
#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace anteroom {

/// The maximum size of a batch beyond its first message, in the bytes that its messages are charged with: what one slow
/// reader can prevent from being freed.
inline constexpr std::size_t max_batch_bytes = std::size_t{256} * 1024;

/// The limits of what a room keeps; they never evict the newest message, whatever its size.
struct history_limits {
    std::size_t messages = 1000;
    std::size_t bytes = 4U << 20U;
    milliseconds age = std::chrono::hours(24);
};

enum class gap_reason { evicted, restarted, deleted };
std::string_view to_string(gap_reason reason) noexcept;

/// Messages between a cursor and the oldest one that the room still has.
struct gap {
    gap_reason reason = gap_reason::evicted;
    std::optional<std::uint64_t> missed;  // nullopt if it cannot be known

    friend bool operator==(gap const&, gap const&) = default;
};

/// The result of a read: possibly a gap, then messages, oldest first, and the cursor after them.
struct batch {
    std::optional<gap> missed;
    boost::container::small_vector<message_ptr, 1> messages;  // usually there is one, which needs no allocation
    cursor next;
    bool more = false;  // the room has more messages than these (newer ones, or for before() older ones)

    bool empty() const noexcept { return !missed && messages.empty(); }
};

/// When an appended message becomes readable: immediately (nothing but memory keeps it), or once commit() is called.
enum class commitment { immediate, later };

/// Deterministic: time is passed in. Does no locking.
///
/// Ages are measured on the steady clock, so that a wall clock that runs ahead and comes back neither keeps a message
/// longer nor drops one sooner.
///
/// Messages get their places in the order in which they are appended, and become readable in that order: one that is
/// committed before an older one is readable with it. What is not readable is not evicted either, nor does it count
/// for the limits: they apply to it as it becomes readable.
class history {
  public:
    explicit history(std::uint64_t epoch) noexcept : epoch_(epoch) {}

    /// Prepares for `count` messages, so that appending them, with nothing in between, cannot fail. Throws if memory is
    /// exhausted, and has changed nothing then.
    void reserve(std::size_t count, history_limits const& limits, commitment when = commitment::immediate);
    /// Assigns a position to a message and evicts what the limits no longer allow. If memory is exhausted, which
    /// reserve() excludes, it throws, and has appended nothing. Returns its id.
    cursor append(new_message_ptr what, moment now, history_limits const& limits,
                  commitment when = commitment::immediate);
    /// Commits what was appended to be committed later: the messages whose ids are `first` to `last`, which were
    /// appended one after the other; evicts what the limits no longer allow of what is readable. Nothing where that
    /// life of the room has ended. Returns whether `last` is readable. Takes time in proportion to the messages that it
    /// commits, makes readable and evicts.
    bool commit(cursor first, cursor last, history_limits const& limits);

    /// The messages after `after`, at most `limit`. A cursor before the oldest message that is kept gets a gap
    /// `evicted` with the exact number; one of a life that ended by deletion gets `deleted`, also with the number; one
    /// that the room cannot have issued gets `restarted`. All of them continue from the oldest message that is left.
    batch read(cursor after, std::size_t limit) const;

    /// The newest `limit` messages before the one with the id `before`; without it, the newest of all.
    batch before(std::optional<cursor> before, std::size_t limit) const;

    /// Drops all messages and begins a new life, in which cursors of this one get the gap `deleted`.
    void restart(std::uint64_t epoch);

    /// Evicts messages that are older than `age` at `now` on the steady clock; returns whether there were any.
    bool expire(std::int64_t now, milliseconds age);
    /// Evicts the oldest messages until `bytes` are freed or none is left; returns the number of bytes freed.
    std::size_t evict(std::size_t bytes);

    /// Whether nothing is kept, not even uncommitted messages.
    bool empty() const noexcept { return messages_.empty(); }
    /// The number of readable messages.
    std::size_t size() const noexcept { return readable_ + 1 - first(); }
    /// The bytes of everything that is kept.
    std::size_t bytes() const noexcept { return bytes_; }
    /// The number of the oldest message that is kept; one more than last() if none is.
    std::uint64_t first() const noexcept { return appended_ + 1 - messages_.size(); }
    /// The number of the newest message that has ever been readable.
    std::uint64_t last() const noexcept { return readable_; }
    std::uint64_t epoch() const noexcept { return epoch_; }
    /// The cursor after the message with the number last().
    cursor end() const noexcept { return {epoch_, readable_}; }

  private:
    void pop();
    void pop_expired(std::int64_t now, milliseconds age);
    void release_if_empty();
    bool everything_readable() const noexcept { return !pending_ || pending_->committed.empty(); }
    /// Whether the oldest message may be evicted.
    bool can_pop() const noexcept { return !messages_.empty() && first() <= readable_; }
    message_ptr const& at(std::uint64_t number) const { return messages_[static_cast<std::size_t>(number - first())]; }
    void take(batch& into, std::uint64_t from, std::size_t count) const;
    /// The number to continue from after a cursor, and the gap if there is one.
    std::uint64_t resume(cursor after, std::optional<gap>& missed) const noexcept;
    /// The gap for a cursor that is not one of this life.
    gap since(cursor after) const noexcept;

    /// A life that ended by deletion, and how many messages were published in it.
    struct former_life {
        std::uint64_t epoch;
        std::uint64_t last;
    };
    static constexpr std::size_t max_former_lives = 8;

    /// Messages that cannot be read yet: those behind `readable_`.
    struct pending {
        boost::circular_buffer<bool> committed;  // the first never is
        std::size_t bytes = 0;
    };

    std::vector<former_life> former_lives_;
    std::unique_ptr<pending> pending_;  // none or empty, most often
    std::uint64_t epoch_;
    std::uint64_t appended_ = 0;  // the number of the newest message
    std::uint64_t readable_ = 0;
    std::size_t bytes_ = 0;
    std::int64_t oldest_ =
        0;  // when the oldest message was appended: reading it from the message would be a cache miss
    boost::circular_buffer<message_ptr> messages_;
};

}  // namespace anteroom
