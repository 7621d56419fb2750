// The Idempotency-Key of a publish, and what the key stands for.
#pragma once

#include <anteroom/handlers/parsed.hpp>
#include <anteroom/room/message.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom {

/// The key in a field: 1 to 128 visible ASCII characters, or such a string of structured fields (RFC 8941, 3.3.3), as
/// the draft of the field has it: `abc` and `"abc"` are the same key. Empty if there is no field. Pure function.
parsed<std::string> read_idempotency_key(std::optional<std::string_view> field);

/// A number by which another use of a key is recognised: that of the same messages, whoever sends them and in whatever
/// content type says the same, is the same. Never 0. Pure function.
std::uint64_t fingerprint(std::span<draft const> what) noexcept;

}  // namespace anteroom
