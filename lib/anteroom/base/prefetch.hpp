// Asking the processor for memory before it is needed.
#pragma once

#include <cstddef>

namespace anteroom {

/// Has the processor fetch `size` bytes into its cache meanwhile; `at` may be null, and need not be all that large.
/// Pays where what is used next is known, and so much else was used since the last time that it cannot be there any
/// more.
inline void prefetch(void const* at, std::size_t size) noexcept {
    constexpr std::size_t line = 64;
    if (at == nullptr)
        return;
    for (std::size_t done = 0; done < size; done += line)
        __builtin_prefetch(static_cast<char const*>(at) + done);
}

}  // namespace anteroom
