// A follower: somebody's places in one room or several, and what is new after them.
#pragma once

#include <anteroom/room/hub.hpp>

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace anteroom {

/// What is new in the rooms of a follower: gaps, then messages. A room's messages stand in the room's order, those of
/// several rooms so that the oldest comes first.
struct news {
    struct loss {
        gap what;
        std::uint32_t place;
        cursor next;  // where to go on in that room
    };
    struct item {
        message_ptr what;
        std::uint32_t place;
    };
    boost::container::small_vector<loss, 1> gaps;
    boost::container::small_vector<item, 1> messages;

    bool empty() const noexcept { return gaps.empty() && messages.empty(); }
};

/// The use of rooms by one subscriber: it looks for news from its own places, and where there are none it waits for a
/// change. On the thread of one shard.
class follower {
  public:
    /// Follows one more room, from a cursor or, without one, from where it ends now; nothing if it does so already.
    void add(room_lease where, std::optional<cursor> after);
    void reserve(std::size_t rooms) { places_.reserve(rooms); }

    std::size_t size() const noexcept { return places_.size(); }
    room& room_at(std::size_t place) const noexcept { return *places_[place].where.operator->(); }
    /// Everything up to there was taken.
    cursor position(std::size_t place) const noexcept { return places_[place].after; }

    /// Whether it is certain without looking that there are no news: one room is followed, and has not changed since
    /// look() found nothing.
    bool unchanged() const noexcept {
        auto const& first = places_.front();
        return places_.size() == 1 && first.exhausted && first.where->changes().now() == first.seen;
    }
    /// Looks for news, `limit` messages and max_batch_bytes beyond the first at most. The places stay where they are.
    news look(std::size_t limit);
    /// Moves behind the gaps and the first `count` messages of what look() found last.
    void take(news const& found, std::size_t count);

    /// Whether nothing is new where one room is followed.
    bool at_end() const noexcept { return places_.front().where->ends_at(places_.front().after); }

    /// Completes with `void(error_code)`, as channel::async_wait() does, once one of the rooms has changed since look()
    /// looked.
    template <class CompletionToken = asio::deferred_t>
    auto async_wait(shard& here, CompletionToken&& token = {}) {
        return asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
            [](auto&& handler, follower* self, shard* on) {
                self->start(std::forward<decltype(handler)>(handler), *on);
            },
            token, this, &here);
    }
    /// The same in turn with others, where one room is followed: see channel::async_turn().
    template <class CompletionToken = asio::deferred_t>
    auto async_turn(shard& here, CompletionToken&& token = {}) {
        auto& only = *places_.front().where.operator->();
        return only.changes().async_turn(here, only.shared_from_this(), std::forward<CompletionToken>(token));
    }

    /// The same, but that after each change `who` is told first, and says whether that is all: see
    /// channel::async_listen() and ticket(). In several rooms the wait ends at the first change all the same.
    template <class CompletionToken = asio::deferred_t>
    auto async_listen(shard& here, channel::listener& who, CompletionToken&& token = {}) {
        return asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
            [](auto&& handler, follower* self, shard* on, channel::listener* told) {
                if (self->size() > 1)
                    return self->start(std::forward<decltype(handler)>(handler), *on);
                auto& only = self->places_.front();
                only.where->changes().async_listen(*on, only.seen, *told, std::forward<decltype(handler)>(handler));
            },
            token, this, &here, &who);
    }
    /// What to go on waiting with after look() found nothing, or all that it found was taken.
    channel::ticket ticket() const noexcept { return places_.front().seen; }

  private:
    struct spot {
        room_lease where;
        cursor after;
        channel::ticket seen = 0;
        bool exhausted = false;  // nothing was new at the time of the ticket
    };

    void look_in(std::uint32_t index, std::size_t limit, news& into);

    template <class Handler>
    void start(Handler&& handler, shard& here) {
        if (places_.size() == 1) {
            auto& only = places_.front();
            only.where->changes().async_wait(here, only.seen, std::forward<Handler>(handler));
            return;
        }
        static thread_local std::vector<channel::awaited> on;
        on.clear();
        for (auto& each : places_)
            on.push_back({&each.where->changes(), each.seen});
        channel::async_wait_any(here, on, std::forward<Handler>(handler));
    }

    bool has(room const* which) noexcept;

    boost::container::small_vector<spot, 1> places_;
    std::uint64_t seen_rooms_ = 0;  // a bit for the hash of each: most rooms are told apart without looking at others
};

}  // namespace anteroom
