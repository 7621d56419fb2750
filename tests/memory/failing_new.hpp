// Memory that runs out on the threads of the server.
#pragma once

#include <cstdint>

namespace anteroom::memory {

/// From now on this thread is one of those whose allocations may fail.
void fail_here() noexcept;
/// Every n-th allocation by `new` of each of those threads fails; 0: none. Any thread.
void fail_every(unsigned n) noexcept;
/// How many have failed.
std::uint64_t failures() noexcept;

}  // namespace anteroom::memory
