// What a fuzz target makes of its input, and how it says that a property does not hold.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace anteroom::fuzz {

/// Ends the process if a property does not hold: the fuzzer keeps the input then.
inline void check(bool holds, char const* property) {
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", property);
    std::abort();
}

inline std::string_view as_text(std::uint8_t const* data, std::size_t size) noexcept {
    return {reinterpret_cast<char const*>(data), size};
}

/// Takes the first byte off an input; `0` where it is empty. Seeds say digits and letters, so that they can be read.
inline unsigned take_byte(std::string_view& input) noexcept {
    if (input.empty())
        return '0';
    auto const out = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    return out;
}

/// How input arrives: in pieces of one size, or whole.
struct pieces {
    std::size_t size = 1;
    /// From a byte of the input: 1 to 64 bytes.
    static pieces of(unsigned byte) noexcept { return {byte % 64U + 1}; }
    static pieces whole() noexcept { return {static_cast<std::size_t>(-1)}; }

    /// How much of `left` bytes arrives next.
    std::size_t next(std::size_t left) const noexcept { return std::min(size, left); }
};

}  // namespace anteroom::fuzz
