#include <anteroom/base/checksum.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace anteroom {

namespace {

// tables[0] is the table of RFC 1952, 8; tables[n] has what n further zero bytes make of it, so that four bytes are
// looked up at once ("slicing by four").
constexpr auto tables = [] {
    constexpr std::uint32_t polynomial = 0xEDB88320U;
    std::array<std::array<std::uint32_t, 256>, 4> out{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        auto remainder = i;
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder >> 1U) ^ ((remainder & 1U) != 0 ? polynomial : 0U);
        out[0][i] = remainder;
    }
    for (std::uint32_t i = 0; i < 256; ++i) {
        for (std::size_t n = 1; n < out.size(); ++n)
            out[n][i] = (out[n - 1][i] >> 8U) ^ out[0][out[n - 1][i] & 0xFFU];
    }
    return out;
}();

constexpr std::uint32_t byte_at(std::string_view bytes, std::size_t i) noexcept {
    return static_cast<unsigned char>(bytes[i]);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
    std::uint32_t out = ~0U;
    for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
        out ^= byte_at(bytes, 0) | byte_at(bytes, 1) << 8U | byte_at(bytes, 2) << 16U | byte_at(bytes, 3) << 24U;
        out = tables[3][out & 0xFFU] ^ tables[2][(out >> 8U) & 0xFFU] ^ tables[1][(out >> 16U) & 0xFFU] ^
              tables[0][out >> 24U];
    }
    for (std::size_t i = 0; i < bytes.size(); ++i)
        out = (out >> 8U) ^ tables[0][(out ^ byte_at(bytes, i)) & 0xFFU];
    return ~out;
}

std::uint32_t adler32(std::string_view bytes) noexcept {
    constexpr std::uint32_t base = 65521;
    // So many sums cannot overflow 32 bits.
    constexpr std::size_t at_once = 5552;
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    while (!bytes.empty()) {
        auto const some = bytes.substr(0, at_once);
        bytes.remove_prefix(some.size());
        for (char const c : some) {
            low += static_cast<unsigned char>(c);
            high += low;
        }
        low %= base;
        high %= base;
    }
    return high << 16U | low;
}

}  // namespace anteroom
