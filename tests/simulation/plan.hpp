// Which schedules a test runs: random ones, or those selected by the environment.
#pragma once

#include <cstddef>
#include <cstdint>

namespace anteroom::simulation {

struct plan {
    std::uint64_t first_seed = 0;
    std::size_t schedules = 0;
};

/// `usual` schedules from a random seed. ANTEROOM_SEED sets the seed instead, and by default one schedule is run then;
/// ANTEROOM_SCHEDULES sets the number in either case.
plan plan_from_environment(std::size_t usual);

}  // namespace anteroom::simulation
