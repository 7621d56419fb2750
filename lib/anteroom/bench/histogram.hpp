// Counts durations in buckets of at most 1.6 % width, so that percentiles of millions of them cost a fixed 30 KB.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace anteroom::bench {

class histogram {
  public:
    /// Values are in any unit; here always nanoseconds.
    void record(std::uint64_t value) {
        ++buckets_[bucket_of(value)];
        ++count_;
        sum_ += value;
        max_ = std::max(max_, value);
    }

    /// The value that a share `quantile` (0 to 1) of the recorded ones does not exceed; 0 if there are none.
    std::uint64_t at(double quantile) const {
        auto const rank = static_cast<std::uint64_t>(quantile * static_cast<double>(count_));
        std::uint64_t seen = 0;
        for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
            seen += buckets_[bucket];
            if (seen > rank) {
                return std::min(upper_end(bucket), max_);
            }
        }
        return max_;
    }

    std::uint64_t count() const { return count_; }
    std::uint64_t max() const { return max_; }
    double mean() const { return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_); }

  private:
    // 64 buckets for each power of two: the top seven bits of a value name its bucket.
    static std::size_t bucket_of(std::uint64_t value) {
        auto const width = static_cast<unsigned>(std::bit_width(value));
        auto const shift = width > 7 ? width - 7 : 0;
        return shift * 64 + (value >> shift);
    }

    static std::uint64_t upper_end(std::size_t bucket) {
        if (bucket < 128) {
            return bucket;
        }
        auto const shift = bucket / 64 - 1;
        return ((std::uint64_t{bucket} - shift * 64 + 1) << shift) - 1;
    }

    std::array<std::uint64_t, 58 * 64 + 64> buckets_{};
    std::uint64_t count_ = 0;
    std::uint64_t sum_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace anteroom::bench
