#include "plan.hpp"

#include <anteroom/base/text.hpp>

#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>

namespace anteroom::simulation {

namespace {

std::optional<std::uint64_t> number_from_environment(char const* name) {
    char const* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other threads run yet
    if (!text)
        return std::nullopt;
    auto const number = parse_decimal(text);
    if (!number)
        throw std::runtime_error(std::string(name) + " is no number");
    return number;
}

}  // namespace

plan plan_from_environment(std::size_t usual) {
    plan out;
    auto const seed = number_from_environment("ANTEROOM_SEED");
    out.first_seed = seed ? *seed : std::uint64_t{std::random_device{}()} * 1'000'000;
    auto const count = number_from_environment("ANTEROOM_SCHEDULES");
    out.schedules = count ? static_cast<std::size_t>(*count) : seed ? 1 : usual;
    return out;
}

}  // namespace anteroom::simulation
