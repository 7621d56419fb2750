// Durations and sizes as written in flags.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace anteroom {

/// `500ms`, `10s`, `5m`, `24h`, `7d`; a bare number is seconds. nullopt if it is none of these.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

/// `64K`, `4M`, `1G` in powers of 1024; a bare number is bytes. nullopt if it is none of these.
std::optional<std::size_t> parse_size(std::string_view text) noexcept;

}  // namespace anteroom
