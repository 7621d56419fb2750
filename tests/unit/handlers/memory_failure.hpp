// Memory that runs out when a test says so: the seam by which an exception gets into any handler.
#pragma once

#include <cstddef>

namespace anteroom::unit {

/// While it lives, allocations by `new` of at least so many bytes fail on this thread, but for the first few of them. A
/// handler is met by one that only it makes: a long message has a long encoding.
class memory_failure {
  public:
    explicit memory_failure(std::size_t from, int but_first = 0) noexcept;
    ~memory_failure();
    memory_failure(memory_failure const&) = delete;
    memory_failure& operator=(memory_failure const&) = delete;

    /// How many have failed.
    int count() const noexcept;
};

}  // namespace anteroom::unit
