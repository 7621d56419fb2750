// A timer queue for all the deadlines of a shard: a hashed timing wheel (Varghese and Lauck 1987, scheme 6).
#pragma once

#include <anteroom/base/clock.hpp>

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace anteroom {

/// A timer that calls expire() unless it is cleared or moved in time. Embedded in the object that it guards; in at most
/// one wheel, from which it removes itself when it is destroyed.
class deadline : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    deadline() = default;
    deadline(deadline const&) = delete;
    deadline& operator=(deadline const&) = delete;

    /// The time when it is due, in steady_now() milliseconds; 0 if it is not set.
    std::int64_t due() const noexcept { return due_; }

  protected:
    ~deadline() = default;

    /// Called once by the wheel after the deadline has passed. The deadline is no longer set, and may be set again from
    /// here.
    virtual void expire() = 0;

  private:
    friend class deadline_wheel;

    std::int64_t due_ = 0;
    std::int64_t linked_tick_ = 0;  // the slot that it is in, at least 1; 0: none. The hook is in another cache line
};

/// Setting, moving and clearing a deadline take constant time. Most deadlines are postponed again and again (poll after
/// poll), so a deadline that moves to a later time stays linked in its slot, and is relinked only when the wheel
/// reaches that slot: delivering a message does not touch the memory of neighbouring list entries. Single-threaded; the
/// current time is passed in.
class deadline_wheel {
  public:
    /// Deadlines expire up to this much late, never early.
    static constexpr std::int64_t granularity = 32;

    explicit deadline_wheel(std::int64_t now) noexcept : tick_(now / granularity) {}

    /// Sets or moves a deadline to `due` (steady_now() milliseconds).
    void set(deadline& entry, std::int64_t due) noexcept;

    /// Clears a deadline; does nothing if it is not set.
    static void clear(deadline& entry) noexcept { entry.due_ = 0; }

    /// Expires the deadlines that are due at `now`, and looks at most at `most` for that; returns whether any are left
    /// to be looked at.
    bool advance(std::int64_t now, std::size_t most = std::numeric_limits<std::size_t>::max());

    /// The earliest time at which advance() has something to do, if the wheel is not empty.
    std::optional<std::int64_t> next() const noexcept;

  private:
    static constexpr std::int64_t slot_count = 1024;
    using slot = boost::intrusive::list<deadline, boost::intrusive::constant_time_size<false>>;

    void link(deadline& entry) noexcept;

    std::array<slot, slot_count> slots_;
    slot reached_;       // the rest of the slot of `tick_`
    std::int64_t tick_;  // slots up to this tick have been expired
};

}  // namespace anteroom
