#include <anteroom/base/text.hpp>
#include <anteroom/http/request.hpp>

namespace anteroom::http {

namespace {

constexpr std::array<std::string_view, header_count> names = {
    "Accept",        "Content-Type",  "Expect", "Host",       "Idempotency-Key",
    "If-None-Match", "Last-Event-ID", "Prefer", "User-Agent",
};

}  // namespace

std::optional<header> find_header(std::string_view name) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i) {
        // Length and first letter (whose case is one bit) tell nearly all others apart.
        if (names[i].size() == name.size() && (names[i].front() | 0x20) == (name.front() | 0x20) &&
            iequals(names[i], name))
            return static_cast<header>(i);
    }
    return std::nullopt;
}

}  // namespace anteroom::http
