// JSON as Boost.JSON reads it, to compare with.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string_view>

namespace anteroom::fuzz {

inline std::optional<boost::json::value> parse_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = 300;
    // Otherwise the last digit of a number depends on what is around it.
    options.numbers = boost::json::number_precision::precise;
    boost::json::error_code ec;
    auto out = boost::json::parse(boost::json::string_view(text.data(), text.size()), ec, {}, options);
    return ec ? std::nullopt : std::optional(std::move(out));
}

/// Boost.JSON reads `0e999` as NaN, which is not equal to itself; the same text is written for two of them.
inline bool is_same(boost::json::value const& a, boost::json::value const& b) {
    return a == b || boost::json::serialize(a) == boost::json::serialize(b);
}

}  // namespace anteroom::fuzz
