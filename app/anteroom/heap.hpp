// The heap of the process.
#pragma once

#include <anteroom/base/clock.hpp>

namespace anteroom {

/// How often give_back_memory() should be called.
inline constexpr milliseconds give_back_period{250};

/// Gives memory that was freed back to the system: each time a part of what has been free for a while, so that no call
/// takes long, all of it within ten seconds. Does nothing without jemalloc. Any thread.
void give_back_memory() noexcept;

}  // namespace anteroom
