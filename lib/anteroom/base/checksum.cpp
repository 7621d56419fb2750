#include <anteroom/base/checksum.hpp>

#include <boost/crc.hpp>

#include <cstddef>

namespace anteroom {

std::uint32_t crc32(std::string_view bytes) noexcept {
    boost::crc_32_type sum;
    sum.process_bytes(bytes.data(), bytes.size());
    return sum.checksum();
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
