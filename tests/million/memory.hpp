// The memory and CPU time of this process.
#pragma once

#include <cstdint>

namespace anteroom::million {

/// Private_Clean + Private_Dirty, in bytes. The kernel walks all pages for it, so do not call it in timed sections.
std::uint64_t private_bytes();

/// CPU time used so far, in nanoseconds.
std::uint64_t cpu_ns();

}  // namespace anteroom::million
