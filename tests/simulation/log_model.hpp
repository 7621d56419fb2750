// The simplest log there can be: everything that was ever published in one life of a room, how much of it can be read
// and how much is gone, and what the lives before it had that ended by deletion.
#pragma once

#include <anteroom/room/history.hpp>

#include <string>
#include <vector>

namespace anteroom::simulation {

/// The result of a read that the model expects.
struct expected_batch {
    std::optional<gap> missed;
    std::uint64_t first = 1;  // of the messages
    std::uint64_t last = 0;   // less than `first` if there are none
    cursor next;
    bool more = false;
};

class log_model {
  public:
    explicit log_model(std::uint64_t epoch) : epoch_(epoch) {}

    void append(std::string data, std::int64_t now, history_limits const& limits,
                commitment when = commitment::immediate);
    /// Messages `first` to `last` are committed; whether the last can be read now.
    bool commit(cursor first, cursor last, history_limits const& limits);
    /// Undoes the last append, which must not have evicted anything.
    void take_back();
    void expire(std::int64_t now, milliseconds age);
    void evict(std::size_t bytes);
    /// The room is deleted, and begins a new life.
    void restart(std::uint64_t epoch);

    expected_batch read(cursor after, std::size_t limit) const;
    expected_batch before(std::optional<cursor> place, std::size_t limit) const;

    std::uint64_t epoch() const noexcept { return epoch_; }
    /// Of what can be read.
    std::uint64_t last() const noexcept { return readable_; }
    std::uint64_t appended() const noexcept { return entries_.size(); }
    bool has_pending() const noexcept { return last() < appended(); }
    std::uint64_t gone() const noexcept { return gone_; }
    /// Set from outside if the model cannot know what was evicted.
    void set_gone(std::uint64_t count) noexcept { gone_ = static_cast<std::size_t>(count); }
    bool ever_published() const noexcept { return appended() > 0 || !former_lives_.empty(); }
    /// How much was published after a cursor, deleted lives included but not behind the origin; nothing where it is of
    /// no life that is known.
    std::optional<std::uint64_t> published_since(cursor at) const noexcept;
    std::size_t bytes() const noexcept { return bytes_between(gone_, entries_.size()); }
    /// Of those, what cannot be read yet.
    std::size_t pending_bytes() const noexcept { return bytes_between(readable_, entries_.size()); }
    std::string const& data(std::uint64_t number) const {
        return entries_.at(static_cast<std::size_t>(number - 1)).data;
    }

    /// How a batch differs from what was expected; empty if it does not.
    std::string difference(batch const& got, expected_batch const& expected) const;

  private:
    struct entry {
        std::string data;
        std::int64_t time;
        std::size_t charge;
        bool committed;
    };

    struct life {
        std::uint64_t epoch;
        std::uint64_t last;
    };
    // How many lives of a room are remembered; what was before is unknown.
    static constexpr std::size_t remembered_lives = 8;

    bool is_of_this_life(cursor at) const noexcept;
    gap loss_since(cursor at) const;
    std::size_t bytes_between(std::size_t begin, std::size_t end) const noexcept;
    void advance(history_limits const& limits);

    std::uint64_t epoch_;
    std::vector<life> former_lives_;  // all of them
    std::vector<entry> entries_;
    std::size_t readable_ = 0;
    std::size_t gone_ = 0;
};

std::string describe(batch const& of);
std::string describe(expected_batch const& of);

}  // namespace anteroom::simulation
