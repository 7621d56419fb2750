// The Idempotency-Key of a publish.
#pragma once

#include <anteroom/handlers/parsed.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace anteroom {

/// The key in a field: 1 to 128 visible ASCII characters, or such a string of structured fields (RFC 8941, 3.3.3), as
/// the draft of the field has it: `abc` and `"abc"` are the same key. Empty if there is no field. Pure function.
parsed<std::string> read_idempotency_key(std::optional<std::string_view> field);

}  // namespace anteroom
