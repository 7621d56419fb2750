// Judges the numbers of the messages that one subscriber gets: in order, once, none missing.
#pragma once

#include <cstdint>
#include <set>

namespace anteroom::bench {

class sequence {
  public:
    enum class verdict {
        next,      // the one that was due
        hole,      // later than the one that was due: those between are missing, until they come late
        late,      // one that was missing
        repeated,  // one that had come already
    };

    /// Takes the next number (from 1) that arrived.
    verdict take(std::uint64_t number) {
        if (number == due_) {
            ++due_;
            return verdict::next;
        }
        return take_unexpected(number);
    }

    /// The server said that `count` messages are missed from here.
    void skip(std::uint64_t count) { due_ += count; }

    /// The server told of a gap of unknown size that ends before `number`.
    void skip_to(std::uint64_t number) { due_ = number > due_ ? number : due_; }

    /// The lowest number that has neither come nor been passed over.
    std::uint64_t due() const { return due_; }

    /// How many were passed over untold, and never came.
    std::uint64_t missing() const { return missing_.size(); }

  private:
    verdict take_unexpected(std::uint64_t number);

    std::uint64_t due_ = 1;
    std::set<std::uint64_t> missing_;
};

}  // namespace anteroom::bench
