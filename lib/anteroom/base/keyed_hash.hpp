// A keyed hash, for tables whose keys clients choose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace anteroom {

struct sip_key {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
};

/// SipHash (Aumasson and Bernstein 2012) with that many rounds for each 8 bytes and at the end. Pure function.
std::uint64_t sip_hash(sip_key const& key, std::string_view text, int rounds, int final_rounds) noexcept;

/// SipHash-1-3 with a random key of this process: who does not know it cannot choose names that have the same hash, and
/// so turn a lookup into a search through all of them. Any thread.
struct keyed_hash {
    using is_transparent = void;
    using is_avalanching = void;  // for Boost.Unordered: the hash need not be mixed again

    std::size_t operator()(std::string_view text) const noexcept;
};

}  // namespace anteroom
