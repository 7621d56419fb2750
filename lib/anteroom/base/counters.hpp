// Counters that a shard keeps for monitoring.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace anteroom {

enum class counter : std::size_t {
    connections_opened,
    connections_closed,
    answers_2xx,
    answers_4xx,
    answers_5xx,
    streams,
    messages_sent,
    gaps_reported,
    waits_begun,  // for signals of channels
    waits_ended,
    held_bytes,  // a sum, what is released counts negatively
    made_way,
};
inline constexpr std::size_t counter_count = 12;

/// Incremented by one thread, read by any; on its own cache line, so that counting does not slow down other threads.
class alignas(64) counters {
  public:
    void add(counter what, std::uint64_t by = 1) noexcept {
        auto& value = values_[static_cast<std::size_t>(what)];
        value.store(value.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    std::uint64_t get(counter what) const noexcept {
        return values_[static_cast<std::size_t>(what)].load(std::memory_order_relaxed);
    }

  private:
    std::array<std::atomic<std::uint64_t>, counter_count> values_{};
};

}  // namespace anteroom
