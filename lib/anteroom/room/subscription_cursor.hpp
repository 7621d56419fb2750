// A subscription cursor: a subscriber's position in one or several rooms, and the delta after it.
#pragma once

#include <anteroom/room/hub.hpp>

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace anteroom {

/// The delta of the rooms of a subscription: gaps, then messages. Messages of one room are in that room's order, those
/// of several rooms are merged with the oldest first.
struct delta {
    struct loss {
        gap what;
        std::uint32_t place;
        cursor next;  // where to continue in that room
    };
    struct item {
        message_ptr what;
        std::uint32_t place;
    };
    boost::container::small_vector<loss, 1> gaps;
    boost::container::small_vector<item, 1> messages;

    bool empty() const noexcept { return gaps.empty() && messages.empty(); }
};

/// One subscriber's use of rooms: it reads the delta after its positions, and if that is empty it waits for a change.
/// On the thread of one shard.
class subscription_cursor {
  public:
    /// Adds a room, starting from a cursor or, without one, from its present end; does nothing if the room was added
    /// already.
    void add(room_lease where, std::optional<cursor> after);
    void reserve(std::size_t rooms) { places_.reserve(rooms); }

    std::size_t size() const noexcept { return places_.size(); }
    room& room_at(std::size_t place) const noexcept { return *places_[place].where.operator->(); }
    /// Everything up to this cursor was received.
    cursor position(std::size_t place) const noexcept { return places_[place].after; }

    /// Whether the delta is known to be empty without reading: there is only one room, and it has not changed since
    /// read() returned an empty delta.
    bool unchanged() const noexcept {
        auto const& first = places_.front();
        return places_.size() == 1 && first.exhausted && first.where->changes().now() == first.seen;
    }
    /// Reads the delta: at most `limit` messages, and at most max_batch_bytes beyond the first. Does not advance the
    /// positions.
    delta read(std::size_t limit);
    /// Advances past the gaps and the first `count` messages of the last result of read().
    void advance(delta const& found, std::size_t count);

    /// For one room only: whether there is nothing new.
    bool at_end() const noexcept { return places_.front().where->ends_at(places_.front().after); }

    /// Whether there is nothing new in any of the rooms.
    bool all_at_end() const noexcept {
        return std::all_of(places_.begin(), places_.end(),
                           [](room_position const& each) { return each.where->ends_at(each.after); });
    }

    /// Completes with `void(error_code)`, as channel::async_wait() does, once one of the rooms has changed since the
    /// last read().
    template <class CompletionToken = asio::deferred_t>
    auto async_wait(shard& here, CompletionToken&& token = {}) {
        return asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
            [](auto&& handler, subscription_cursor* self, shard* on) {
                self->start(std::forward<decltype(handler)>(handler), *on);
            },
            token, this, &here);
    }
    /// The same, but round-robin with others, and for one room only: see channel::async_turn().
    template <class CompletionToken = asio::deferred_t>
    auto async_turn(shard& here, CompletionToken&& token = {}) {
        auto& only = *places_.front().where.operator->();
        return only.changes().async_turn(here, only.shared_from_this(), std::forward<CompletionToken>(token));
    }

    /// The same, except that after each change `who` is notified first, and decides whether to continue waiting: see
    /// channel::async_listen() and ticket(). With several rooms the wait ends at the first change in any case.
    template <class CompletionToken = asio::deferred_t>
    auto async_listen(shard& here, channel::listener& who, CompletionToken&& token = {}) {
        return asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
            [](auto&& handler, subscription_cursor* self, shard* on, channel::listener* notified) {
                if (self->size() > 1)
                    return self->start(std::forward<decltype(handler)>(handler), *on);
                auto& only = self->places_.front();
                only.where->changes().async_listen(*on, only.seen, *notified, std::forward<decltype(handler)>(handler));
            },
            token, this, &here, &who);
    }
    /// The ticket to continue waiting with after read() returned an empty delta, or the whole delta was received.
    channel::ticket ticket() const noexcept { return places_.front().seen; }

  private:
    struct room_position {
        room_lease where;
        cursor after;
        channel::ticket seen = 0;
        bool exhausted = false;  // there was nothing new when the ticket was taken
    };

    struct run;

    /// Takes the ticket to wait with; returns whether there is something to read.
    static bool begin_read(room_position& at) noexcept;
    /// Reads what is new in one room, and adds a gap to the delta if there is one.
    batch read_in(std::uint32_t index, std::size_t limit, delta& gaps);
    void merge(delta& found, std::size_t limit);

    template <class Handler>
    void start(Handler&& handler, shard& here) {
        if (places_.size() == 1) {
            auto& only = places_.front();
            only.where->changes().async_wait(here, only.seen, std::forward<Handler>(handler));
            return;
        }
        auto& on = awaited();
        on.clear();
        for (auto& each : places_)
            on.push_back({&each.where->changes(), each.seen});
        channel::async_wait_any(here, on, std::forward<Handler>(handler));
    }
    /// For start(), of all cursors of the thread; with room for those of each cursor, since start() must not fail.
    static std::vector<channel::awaited>& awaited() {
        static thread_local std::vector<channel::awaited> on;
        return on;
    }

    bool has(room const* which) noexcept;

    boost::container::small_vector<room_position, 1> places_;
    std::uint64_t seen_rooms_ = 0;  // a Bloom filter, one bit per room: most new rooms need no comparison
};

}  // namespace anteroom
