#include <anteroom/base/keyed_hash.hpp>

#include <bit>
#include <cstring>
#include <random>

namespace anteroom {

namespace {

static_assert(std::endian::native == std::endian::little, "SipHash reads little-endian words");

struct sip_state {
    std::uint64_t v0;
    std::uint64_t v1;
    std::uint64_t v2;
    std::uint64_t v3;

    void mix(int rounds) noexcept {
        for (int i = 0; i < rounds; ++i) {
            v0 += v1;
            v1 = std::rotl(v1, 13) ^ v0;
            v0 = std::rotl(v0, 32);
            v2 += v3;
            v3 = std::rotl(v3, 16) ^ v2;
            v0 += v3;
            v3 = std::rotl(v3, 21) ^ v0;
            v2 += v1;
            v1 = std::rotl(v1, 17) ^ v2;
            v2 = std::rotl(v2, 32);
        }
    }
    void take(std::uint64_t word, int rounds) noexcept {
        v3 ^= word;
        mix(rounds);
        v0 ^= word;
    }
};

sip_key random_key() {
    std::random_device source;
    auto const word = [&] { return (std::uint64_t{source()} << 32U) | source(); };
    return {word(), word()};
}

}  // namespace

std::uint64_t sip_hash(sip_key const& key, std::string_view text, int rounds, int final_rounds) noexcept {
    // The constants are the ASCII text "somepseudorandomlygeneratedbytes".
    sip_state state{key.first ^ 0x736F6D6570736575U, key.second ^ 0x646F72616E646F6DU, key.first ^ 0x6C7967656E657261U,
                    key.second ^ 0x7465646279746573U};
    std::uint64_t word = 0;
    std::size_t at = 0;
    for (; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        state.take(word, rounds);
    }
    word = std::uint64_t{text.size()} << 56U;
    for (std::size_t i = 0; at + i < text.size(); ++i)
        word |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
    state.take(word, rounds);
    state.v2 ^= 0xFFU;
    state.mix(final_rounds);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::size_t keyed_hash::operator()(std::string_view text) const noexcept {
    static sip_key const key = random_key();
    return sip_hash(key, text, 1, 3);
}

}  // namespace anteroom
