// A schedule: one random life of a server, from its first poll until all clients have caught up.
#pragma once

#include "world.hpp"

#include <cstdint>
#include <string>

namespace anteroom::simulation {

/// Plays the schedule of a seed. Returns how the guarantee was broken and what led to it; empty if it was kept.
std::string play(std::uint64_t seed, encounters& met);

}  // namespace anteroom::simulation
