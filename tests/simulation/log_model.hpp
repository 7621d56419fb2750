// The simplest log there can be: everything that was ever published in one life of a room, and how much of it is gone.
#pragma once

#include <anteroom/room/history.hpp>

#include <string>
#include <vector>

namespace anteroom::simulation {

/// What a model says that a reader is to get.
struct expected_batch {
    std::optional<gap> missed;
    std::uint64_t first = 1;  // of the messages
    std::uint64_t last = 0;   // before `first` where there are none
    cursor next;
    bool more = false;
};

class log_model {
  public:
    explicit log_model(std::uint64_t epoch) : epoch_(epoch) {}

    void append(std::string data, std::int64_t now, history_limits const& limits);
    /// Undoes the last append, which must not have evicted anything.
    void take_back();
    void expire(std::int64_t now, milliseconds age);
    void evict(std::size_t bytes);

    expected_batch read(cursor after, std::size_t limit) const;
    expected_batch before(std::optional<cursor> place, std::size_t limit) const;

    std::uint64_t epoch() const noexcept { return epoch_; }
    std::uint64_t last() const noexcept { return entries_.size(); }
    std::uint64_t gone() const noexcept { return gone_; }
    /// Told from outside where the model cannot know what was evicted.
    void set_gone(std::uint64_t count) noexcept { gone_ = static_cast<std::size_t>(count); }
    /// Whether a cursor can have been given by this life of the room.
    bool can_have_given(cursor at) const noexcept;
    std::size_t bytes() const noexcept;
    std::string const& data(std::uint64_t number) const {
        return entries_.at(static_cast<std::size_t>(number - 1)).data;
    }

    /// How a batch differs from what was expected; nothing if it does not.
    std::string difference(batch const& got, expected_batch const& expected) const;

  private:
    struct entry {
        std::string data;
        std::int64_t time;
        std::size_t charge;
    };

    std::uint64_t epoch_;
    std::vector<entry> entries_;
    std::size_t gone_ = 0;
};

std::string describe(batch const& of);
std::string describe(expected_batch const& of);

}  // namespace anteroom::simulation
