// What this process takes.
#pragma once

#include <cstdint>

namespace anteroom::million {

/// Private_Clean + Private_Dirty, in bytes. The kernel walks all pages for it, so keep it out of what is timed.
std::uint64_t private_bytes();

/// CPU time so far, in nanoseconds.
std::uint64_t cpu_ns();

}  // namespace anteroom::million
