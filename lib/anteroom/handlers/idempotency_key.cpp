#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/idempotency_key.hpp>

namespace anteroom {

namespace {

// Whether what stands behind a string may be its parameters (RFC 8941, 3.1.2), which are of no interest here.
bool may_be_parameters(std::string_view text) noexcept {
    if (text.empty())
        return true;
    auto const name = text.find_first_not_of(' ', 1);
    return text.front() == ';' && name != text.npos && ((text[name] >= 'a' && text[name] <= 'z') || text[name] == '*');
}

// The text of a string at the front of a field; nullopt if it is malformed.
std::optional<std::string> unquote(std::string_view field) {
    std::string out;
    for (std::size_t i = 1; i < field.size(); ++i) {
        char c = field[i];
        if (c == '"')
            return may_be_parameters(field.substr(i + 1)) ? std::optional(std::move(out)) : std::nullopt;
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

}  // namespace anteroom
