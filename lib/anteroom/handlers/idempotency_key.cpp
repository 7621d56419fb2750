#include <anteroom/base/keyed_hash.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/idempotency_key.hpp>

#include <algorithm>

namespace anteroom {

namespace {

// The text of a string at the front of a field, whose parameters are of no interest; nullopt if it is malformed.
std::optional<std::string> unquote(std::string_view field) {
    std::string out;
    for (std::size_t i = 1; i < field.size(); ++i) {
        char c = field[i];
        if (c == '"') {
            bool const ends = i + 1 == field.size() || field[i + 1] == ';';
            return ends ? std::optional(std::move(out)) : std::nullopt;
        }
        if (c == '\\') {
            if (++i == field.size())
                break;
            c = field[i];
            if (c != '"' && c != '\\')
                break;
        }
        out += c;
    }
    return std::nullopt;
}

}  // namespace

parsed<std::string> read_idempotency_key(std::optional<std::string_view> field) {
    if (!field)
        return std::string();
    auto key = field->starts_with('"') ? unquote(*field) : std::optional<std::string>(*field);
    if (!key || !is_client_made(*key))
        return bad_input{400, "Idempotency-Key must be 1 to 128 visible ASCII characters"};
    return std::move(*key);
}

std::uint64_t fingerprint(std::span<draft const> what) noexcept {
    // FNV's prime; the hash of each text is a good one already.
    constexpr std::uint64_t factor = 0x100000001B3U;
    std::uint64_t out = what.size();
    for (auto const& each : what)
        out = (out * factor ^ keyed_hash{}(each.data)) * factor + static_cast<unsigned>(each.kind);
    return std::max<std::uint64_t>(out, 1);
}

}  // namespace anteroom
