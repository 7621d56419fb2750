// The checksums of compressed data.
#pragma once

#include <cstdint>
#include <string_view>

namespace anteroom {

/// The CRC-32 of gzip (RFC 1952, 8).
std::uint32_t crc32(std::string_view bytes) noexcept;

/// The Adler-32 of zlib (RFC 1950, 9).
std::uint32_t adler32(std::string_view bytes) noexcept;

}  // namespace anteroom
