// Which schedules a test runs: drawn anew each time, or those that the environment names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace anteroom::simulation {

struct plan {
    std::uint64_t first_seed = 0;
    std::size_t schedules = 0;
};

/// `usual` schedules from a seed that is drawn. ANTEROOM_SEED names the seed instead, and with it one schedule is run;
/// ANTEROOM_SCHEDULES says how many in either case.
plan plan_from_environment(std::size_t usual);

}  // namespace anteroom::simulation
