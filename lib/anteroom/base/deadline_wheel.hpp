// One clock for all the deadlines of a shard: a hashed timing wheel (Varghese and Lauck 1987, scheme 6).
#pragma once

#include <anteroom/base/clock.hpp>

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstdint>
#include <optional>

namespace anteroom {

/// Something that is to happen unless it is put off in time. Embedded in what it guards; a member of one wheel at
/// most, which it leaves when it is destroyed.
class deadline : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    deadline() = default;
    deadline(deadline const&) = delete;
    deadline& operator=(deadline const&) = delete;

    /// When it is due, in steady_now() milliseconds; 0 when it is not set.
    std::int64_t due() const noexcept { return due_; }

  protected:
    ~deadline() = default;

    /// Called once by the wheel when the deadline has passed; it is not set any more and may be set again from here.
    virtual void expire() = 0;

  private:
    friend class deadline_wheel;

    std::int64_t due_ = 0;
    std::int64_t linked_tick_ = 0;
};

/// Setting, moving and clearing a deadline take constant time. Most deadlines are put off again and again (a poll
/// after a poll), so a deadline that moves to a later time stays where it is linked, and is linked anew only when the
/// wheel comes by: no neighbour's memory is touched on the way of a message. One thread; time is passed in.
class deadline_wheel {
  public:
    /// Deadlines expire up to this much late, never early.
    static constexpr std::int64_t granularity = 32;

    explicit deadline_wheel(std::int64_t now) noexcept : tick_(now / granularity) {}

    /// Sets or moves a deadline to `due` (steady_now() milliseconds).
    void set(deadline& entry, std::int64_t due) noexcept;

    /// Forgets a deadline that is set; nothing if it is not.
    static void clear(deadline& entry) noexcept { entry.due_ = 0; }

    /// Expires what is due at `now`.
    void advance(std::int64_t now);

    /// When advance() has something to do next, if there is anything in the wheel.
    std::optional<std::int64_t> next() const noexcept;

  private:
    static constexpr std::int64_t slot_count = 1024;
    using slot = boost::intrusive::list<deadline, boost::intrusive::constant_time_size<false>>;

    void link(deadline& entry) noexcept;

    std::array<slot, slot_count> slots_;
    std::int64_t tick_;  // slots up to this tick have been expired
};

}  // namespace anteroom
