// The account of the memory that clients fill.
#pragma once

#include <atomic>
#include <cstddef>

namespace anteroom {

/// Counts the bytes that clients have filled, those of rooms (without their messages) among them; the messages that are
/// kept in rooms, what these are charged with, and the rooms that have any. A count may be given a negative number,
/// modulo its range. Any thread.
class memory_meter {
  public:
    void add(std::size_t bytes) noexcept { used_.fetch_add(bytes, std::memory_order_relaxed); }
    void remove(std::size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
    std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

    void add_room(std::size_t bytes) noexcept {
        add(bytes);
        in_rooms_.fetch_add(bytes, std::memory_order_relaxed);
    }
    void remove_room(std::size_t bytes) noexcept {
        remove(bytes);
        in_rooms_.fetch_sub(bytes, std::memory_order_relaxed);
    }
    std::size_t in_rooms() const noexcept { return in_rooms_.load(std::memory_order_relaxed); }

    void count_messages(std::size_t more) noexcept { messages_.fetch_add(more, std::memory_order_relaxed); }
    std::size_t messages() const noexcept { return messages_.load(std::memory_order_relaxed); }

    void count_kept(std::size_t bytes) noexcept { kept_.fetch_add(bytes, std::memory_order_relaxed); }
    std::size_t kept() const noexcept { return kept_.load(std::memory_order_relaxed); }

    void count_filled_rooms(std::size_t more) noexcept { filled_rooms_.fetch_add(more, std::memory_order_relaxed); }
    std::size_t filled_rooms() const noexcept { return filled_rooms_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::size_t> used_{0};
    std::atomic<std::size_t> in_rooms_{0};
    std::atomic<std::size_t> messages_{0};
    std::atomic<std::size_t> kept_{0};
    std::atomic<std::size_t> filled_rooms_{0};
};

}  // namespace anteroom
