// The parameters of a query as they are written, for comparing without decoding.
#pragma once

#include <cstddef>
#include <string_view>

namespace anteroom::http {

/// The value of the parameter with that index as it is written in a target in origin form: what target::parse() decodes
/// to `query()[index].value`. A view of the target, which must be a valid one with so many parameters.
std::string_view written_parameter(std::string_view target, std::size_t index) noexcept;

/// Whether a value as it is written decodes to this text, as in form::parse(). Allocates nothing.
bool decodes_to(std::string_view written, std::string_view text) noexcept;

}  // namespace anteroom::http
