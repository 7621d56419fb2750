#include "units.hpp"

#include <anteroom/base/text.hpp>

#include <array>
#include <cstdint>
#include <utility>

namespace anteroom {

namespace {

// The number before a unit, times the factor of the unit; nullopt if it is not a number or too large.
template <std::size_t N>
std::optional<std::uint64_t> scaled(std::string_view text,
                                    std::array<std::pair<std::string_view, std::uint64_t>, N> const& units,
                                    std::uint64_t most) noexcept {
    auto const end = text.find_first_not_of("0123456789");
    auto const unit = end == text.npos ? std::string_view() : text.substr(end);
    for (auto const& [name, factor] : units) {
        if (name != unit)
            continue;
        auto const number = parse_decimal(text.substr(0, end));
        if (!number || *number > most / factor)
            return std::nullopt;
        return *number * factor;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
    static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 6> units = {
        {{"ms", 1}, {"", 1000}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    // At most a hundred years, which leaves room for adding without overflow.
    auto const number = scaled(text, units, 36'500ULL * 86'400'000ULL);
    return number ? std::optional(std::chrono::milliseconds(*number)) : std::nullopt;
}

std::optional<std::size_t> parse_size(std::string_view text) noexcept {
    static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> units = {
        {{"", 1}, {"K", 1ULL << 10U}, {"M", 1ULL << 20U}, {"G", 1ULL << 30U}}};
    auto const number = scaled(text, units, 1ULL << 50U);
    return number ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
}

}  // namespace anteroom
