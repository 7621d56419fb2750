// The neighbours: a small room beside the crowd's, in which one message after the other is published.
#pragma once

#include "publisher.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace anteroom::million {

/// One subscriber and one publisher, who wait for each other.
class neighbours final : public client {
  public:
    explicit neighbours(house& at);

    /// Publishes the next message, unless the last one is under way.
    void go_on();
    bool under_way() const noexcept { return sent_ > got_ || publisher_.under_way(); }
    /// How many messages have arrived, and the longest time that one took from its publisher to its subscriber.
    std::size_t arrived() const noexcept { return got_; }
    std::chrono::duration<double, std::milli> longest() const noexcept { return longest_; }
    /// What went wrong first, if anything did.
    std::string const& failure() const noexcept { return failure_.empty() ? publisher_.failure() : failure_; }
    /// Forgets how long messages took so far.
    void measure_anew() noexcept { longest_ = {}; }

    void hang_up();

  private:
    using clock = std::chrono::steady_clock;

    void received(far_end& on, std::string_view bytes) override;

    publisher publisher_;
    far_end end_;
    std::string poll_;
    std::size_t sent_ = 0;
    std::size_t got_ = 0;
    clock::time_point sent_at_;
    clock::duration longest_{};
    std::string failure_;
};

}  // namespace anteroom::million
