// The hub: all rooms of a server by name, and their common memory budget.
#pragma once

#include <anteroom/base/keyed_hash.hpp>
#include <anteroom/room/room.hpp>
#include <anteroom/room/room_index.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

struct hub_options {
    history_limits history;
    std::size_t memory = std::size_t{1} << 30U;  // bytes that rooms, their messages and what else clients fill may take
    // How long a room that was never published to is kept, for clients that poll repeatedly.
    milliseconds unused_room = std::chrono::seconds(2);
};

class hub;

/// Keeps a room in use, so that it is not discarded. A room that was never published to is discarded soon after its
/// last lease.
class room_lease {
  public:
    room_lease() = default;
    room_lease(room_lease&& other) noexcept = default;
    room_lease& operator=(room_lease&& other) noexcept;
    ~room_lease();

    room* operator->() const noexcept { return room_.get(); }
    explicit operator bool() const noexcept { return room_ != nullptr; }

  private:
    friend class hub;
    explicit room_lease(std::shared_ptr<room> leased) noexcept : room_(std::move(leased)) {}

    std::shared_ptr<room> room_;
};

/// The result for the publisher: the ids of the messages, and how many polls and streams were waiting for them.
struct receipt {
    message_ids ids;  // room by room, in the order in which the rooms were given; within a room in message order
    std::int64_t time = 0;
    std::size_t subscribers = 0;
};

/// Messages that have positions. They must be committed, unless they were appended as `commitment::immediate`, and
/// announced.
class publication {
  public:
    /// Makes them readable in all of the rooms, and returns whether they are: if an older publication to one of the
    /// rooms is not committed yet, they become readable with it, and the publisher has to wait for that. Any thread.
    /// Once.
    bool commit();
    /// Wakes all waiters in the rooms, on the thread of `here`. Once, after commit(). See channel::signal() for `how`.
    receipt announce(shard& here, wake_up how = wake_up::in_place);

  private:
    friend class hub;
    boost::container::small_vector<room_lease, 1> rooms_;
    receipt receipt_;
};

/// Any thread unless a function says otherwise. Must outlive every lease.
class hub {
  public:
    hub(std::span<shard* const> shards, hub_options options);
    ~hub();
    hub(hub const&) = delete;
    hub& operator=(hub const&) = delete;

    /// The room of that name, created if there is none. The name must be valid (is_room_name()).
    room_lease open(std::string_view name);
    /// Whether another room may be created: rooms take memory too, which cannot be evicted while they are used. Those
    /// that nobody uses and that have no messages are discarded for it. Publishing evicts to make space; a subscriber
    /// has to check this first. Looks at a bounded number of rooms.
    bool may_open_more();
    /// The room of that name, if it is in use.
    room_lease find(std::string_view name);

    /// Appends messages to each of the given rooms (at least one), without waking waiters (see publication). Returns
    /// nullopt, and appends nothing anywhere, if the memory budget has no space for them even after eviction (slow
    /// readers hold the messages that they are being sent). The messages of one call are adjacent in each room.
    /// Throws if the system has no memory, and has appended nothing then: see room::append() for the exception to that.
    std::optional<publication> append(std::span<std::string_view const> rooms, std::span<draft const> what,
                                      commitment when = commitment::immediate);
    /// Whether the budget is large enough for these messages in that many rooms at all, if all else were evicted.
    bool fits_at_all(std::size_t rooms, std::span<draft const> what) const noexcept;
    /// Appends one message to one room and announces it, on the thread of `here`.
    std::optional<receipt> publish(std::string_view room, draft const& what, shard& here);

    /// Drops a room's messages, if it is in use, and wakes its waiters, on the thread of `here`.
    void drop(std::string_view name, shard& here);

    /// The cursor at which a room would begin if it were created now, for a room that is not in use.
    cursor beginning(std::string_view name) const;

    /// A part of the list of rooms in use: those that were found among the next `looked_at` rooms.
    struct room_list {
        std::vector<room_facts> rooms;
        bool more = false;        // whether further ones follow; known once it is complete
        bool complete = true;     // there are as many as were asked for, or no others
        std::string continue_at;  // the `after` of the next part if it is not
    };
    /// The rooms in use (those that have messages or subscribers) whose names start with `prefix` and sort after
    /// `after`, in name order, at most `limit`. Takes time in proportion to `looked_at`, rooms that are not in use
    /// among them, and to the logarithm of the number of rooms.
    room_list list_some(std::string_view prefix, std::string_view after, std::size_t limit, std::size_t looked_at);
    /// The same for as many rooms as it takes; `more` is set to whether further ones follow.
    std::vector<room_facts> list(std::string_view prefix, std::string_view after, std::size_t limit, bool& more);

    /// Discards rooms that are empty and have not been used for a while, and enforces the memory budget. Must be called
    /// periodically.
    void sweep();
    /// A part of that, for the next `most` rooms of a tour. A sweep is as many parts as there are rooms.
    void sweep_some(std::size_t most);
    /// How many rooms there are, in use or not.
    std::size_t room_count() const noexcept { return room_count_.load(std::memory_order_relaxed); }

    /// Evicts messages if they exceed the budget, which may happen when readers create encodings of them.
    void keep_to_budget() {
        if (meter_.used() > options_.memory)
            evict(0);
    }

    /// Totals over all rooms, as they were counted.
    struct hub_totals {
        std::size_t rooms = 0;
        std::size_t subscribers = 0;
        std::size_t messages = 0;
    };
    hub_totals totals() const noexcept;
    /// The number of messages ever published.
    std::uint64_t published() const noexcept { return published_.load(std::memory_order_relaxed); }

    /// The bytes that messages take at present, including their wire forms; other components may add what they keep.
    memory_meter& meter() noexcept { return meter_; }
    std::size_t memory_used() const noexcept { return meter_.used(); }
    std::size_t memory_limit() const noexcept { return options_.memory; }

  private:
    /// A name whose hash is known.
    struct hashed_name {
        explicit hashed_name(std::string_view of) noexcept : name(of), hash(keyed_hash{}(of)) {}
        std::string_view name;
        std::size_t hash;
    };
    struct name_hash {
        using is_transparent = void;
        using is_avalanching = void;
        std::size_t operator()(hashed_name const& of) const noexcept { return of.hash; }
        std::size_t operator()(std::shared_ptr<room> const& of) const noexcept { return keyed_hash{}(of->name()); }
    };
    struct same_name {
        using is_transparent = void;
        static std::string_view name(hashed_name const& text) noexcept { return text.name; }
        static std::string_view name(std::shared_ptr<room> const& of) noexcept { return of->name(); }
        bool operator()(auto const& a, auto const& b) const noexcept { return name(a) == name(b); }
    };
    struct stripe {
        mutable std::mutex mutex;
        boost::unordered_flat_set<std::shared_ptr<room>, name_hash, same_name> rooms;
    };
    static constexpr std::size_t stripe_count = 64;
    static constexpr std::size_t generation_count = 1U << 16U;

    stripe& stripe_of(std::size_t hash) noexcept { return stripes_[hash % stripe_count]; }
    std::uint64_t epoch_of(std::size_t hash) const noexcept;
    std::uint64_t epoch_of(std::size_t hash, std::uint64_t generation) const noexcept;
    /// Discards a room if it is empty, nobody has it but the caller, and it has not been used for that long;
    /// `never_used` applies to one that was never published to. Returns whether it did.
    bool discard(std::shared_ptr<room> const& what, milliseconds used, milliseconds never_used);
    /// About what a room takes without its messages, with a short name.
    std::size_t room_size() const noexcept;
    /// The messages that are kept, and the rooms that they are in: what can be freed, but for what is being read.
    std::size_t evictable() const noexcept;
    /// Evicts from the next rooms of the tour until no more than `target` bytes are used or `kept` bytes are evictable,
    /// at most half of what the largest quarter of them has.
    void evict_some(std::size_t target, std::size_t kept);
    bool make_room_for(std::size_t bytes);
    void evict(std::size_t needed);

    std::vector<shard*> shards_;
    hub_options options_;
    history_limits brief_;  // of rooms whose messages matter for seconds only
    memory_meter meter_;
    std::atomic<std::uint64_t> published_{0};
    std::atomic<std::size_t> room_count_{0};
    std::uint64_t life_;  // random: part of every epoch of this run of the server
    // How often a room with messages was discarded, by hash of the name: a room that is created again begins a new
    // epoch, one that never had messages continues in the old one, and no names need to be remembered for it.
    std::unique_ptr<std::atomic<std::uint32_t>[]> generations_;
    std::array<stripe, stripe_count> stripes_;
    room_index by_name_;
    std::mutex evicting_;
    // The last attempt that found nothing to evict: how much was used then, and until when that is believed, in ms on
    // the steady clock.
    std::size_t fruitless_at_ = 0;
    std::int64_t fruitless_until_ = 0;
};

}  // namespace anteroom
