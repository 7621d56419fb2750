// A schedule: one random life of a server, from its first poll until everybody has caught up.
#pragma once

#include "world.hpp"

#include <cstdint>
#include <string>

namespace anteroom::simulation {

/// Plays the schedule of a seed. Returns how the promise was broken and what led to it; nothing if it was kept.
std::string play(std::uint64_t seed, encounters& met);

}  // namespace anteroom::simulation
