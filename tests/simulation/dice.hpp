// Reproducible random numbers: the same seed gives the same sequence, with every compiler and library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace anteroom::simulation {

class dice {
  public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    /// A number from 0 up to, but not including, `end`.
    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    /// A number from `least` to `most`, both inclusive.
    std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
    bool chance(unsigned percent) { return below(100) < percent; }

    template <class Container>
    auto& one_of(Container& from) {
        return from[static_cast<std::size_t>(below(from.size()))];
    }

  private:
    std::mt19937_64 engine_;  // its output is specified by the standard; that of distributions is not
};

}  // namespace anteroom::simulation
