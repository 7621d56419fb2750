// What a client would prefer (RFC 7240).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace anteroom::http {

/// The value of a preference in a Prefer field, all lines of it joined: `7` for `wait` in `respond-async, Wait = "7";
/// foo`. Of a preference that is stated repeatedly only the first counts (RFC 7240, 2); one without a value has the
/// empty one. Nullopt if there is none, or only behind what is no preference: the rest of the field is ignored then.
/// Pure function.
std::optional<std::string> preference(std::string_view field, std::string_view name);

}  // namespace anteroom::http
