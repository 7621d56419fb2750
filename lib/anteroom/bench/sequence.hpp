// Checks the numbers of the messages that one subscriber receives: in order, once, none missing.
#pragma once

#include <cstdint>
#include <set>

namespace anteroom::bench {

class sequence {
  public:
    enum class verdict {
        next,      // the one that was due
        hole,      // later than the one that was due: those between are missing unless they arrive late
        late,      // one that was missing
        repeated,  // one that was received before
    };

    /// Records the number (from 1) of the next message received.
    verdict take(std::uint64_t number) {
        if (number == due_) {
            ++due_;
            return verdict::next;
        }
        return take_unexpected(number);
    }

    /// The server reported that the next `count` messages are missed.
    void skip(std::uint64_t count) { due_ += count; }

    /// The server reported a gap of unknown size that ends before `number`.
    void skip_to(std::uint64_t number) { due_ = number > due_ ? number : due_; }

    /// The lowest number that was neither received nor skipped.
    std::uint64_t due() const { return due_; }

    /// How many were skipped without a report, and never received.
    std::uint64_t missing() const { return missing_.size(); }

  private:
    verdict take_unexpected(std::uint64_t number);

    std::uint64_t due_ = 1;
    std::set<std::uint64_t> missing_;
};

}  // namespace anteroom::bench
