#include <anteroom/http/request.hpp>

#include <anteroom/base/text.hpp>

namespace anteroom::http {

namespace {

constexpr std::array<std::string_view, header_count> names = {
    "Accept",        "Content-Type",  "Expect", "Host",       "Idempotency-Key",
    "If-None-Match", "Last-Event-ID", "Prefer", "User-Agent",
};

}  // namespace

std::optional<header> find_header(std::string_view name) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].size() == name.size() && iequals(names[i], name))
            return static_cast<header>(i);
    }
    return std::nullopt;
}

}  // namespace anteroom::http
