// The memory that the connections of a shard hold while they wait.
#pragma once

#include <anteroom/base/memory_meter.hpp>
#include <anteroom/base/shard.hpp>

#include <boost/intrusive/list.hpp>

#include <cstddef>

namespace anteroom::http {

/// Bounds what connections hold together of what their clients have sent or do not read: parts of requests and of
/// messages, unsent output, what is kept for the next request, and the rooms of a subscription to many. When it is too
/// much, those make way that have held something for the longest time: whoever sends and reads as usual holds little,
/// and not for long. On the thread of its shard.
class held_memory {
  public:
    /// Up to this much is not counted: it is part of what a connection takes.
    static constexpr std::size_t free_of_charge = 1024;

    /// Holds memory; an element of the list from the first time that it holds something until it holds nothing. Must be
    /// released before it is destroyed.
    class holder : public boost::intrusive::list_base_hook<> {
      public:
        std::size_t held() const noexcept { return held_; }

      protected:
        ~holder() = default;
        /// Gives up what it holds, now or in the next iterations of the loop. It has been released. Must not call
        /// functions of the list.
        virtual void make_way() noexcept = 0;

      private:
        friend class held_memory;
        std::size_t held_ = 0;
    };

    /// `most`: bytes; the shard and the meter must outlive it.
    held_memory(shard& at, memory_meter& meter, std::size_t most) noexcept : shard_(at), meter_(meter), most_(most) {}

    /// Sets how much somebody holds. If that is too much over all, others make way; it does itself only if it is the
    /// one that has held something for the longest time.
    void set(holder& who, std::size_t bytes) noexcept;
    /// Makes those make way that have held something for the longest time, `most` of them.
    void relieve(std::size_t most) noexcept;
    /// It holds nothing any more; no effect if it did not.
    void release(holder& who) noexcept;

    std::size_t used() const noexcept { return used_; }

  private:
    shard& shard_;
    memory_meter& meter_;
    std::size_t most_;
    std::size_t used_ = 0;
    boost::intrusive::list<holder> holders_;  // in the order in which they began to hold something
};

}  // namespace anteroom::http
