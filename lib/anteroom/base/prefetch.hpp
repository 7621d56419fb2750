// Prefetching memory into the processor's cache.
#pragma once

#include <cstddef>

namespace anteroom {

/// Starts fetching `size` bytes into the processor's cache; `at` may be null, and fewer than `size` bytes may be
/// allocated there. Pays off where the next object to be used is known, and so much other memory was used since its
/// last use that it cannot be in the cache any more.
inline void prefetch(void const* at, std::size_t size) noexcept {
    constexpr std::size_t line = 64;
    if (at == nullptr)
        return;
    for (std::size_t done = 0; done < size; done += line)
        __builtin_prefetch(static_cast<char const*>(at) + done);
}

}  // namespace anteroom
