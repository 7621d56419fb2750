#include "answer.hpp"

#include <charconv>

namespace anteroom::million {

namespace {

std::optional<std::size_t> number(std::string_view digits) noexcept {
    std::size_t value = 0;
    auto const [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return failure == std::errc() && end == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
}

std::string_view field(std::string_view head, std::string_view name) noexcept {
    auto const at = head.find(name);
    if (at == head.npos)
        return {};
    auto const value = head.substr(at + name.size());
    return value.substr(0, value.find("\r\n"));
}

}  // namespace

std::optional<answer> read_answer(std::string_view bytes) noexcept {
    constexpr std::string_view start = "HTTP/1.1 ";
    auto const end = bytes.find("\r\n\r\n");
    if (!bytes.starts_with(start) || end == bytes.npos)
        return std::nullopt;
    auto const head = bytes.substr(0, end);
    answer out;
    out.body = bytes.substr(end + 4);
    out.cursor = field(head, "\r\nLast-Event-ID: ");
    auto const status = number(head.substr(start.size(), 3));
    auto const length = number(field(head, "\r\nContent-Length: "));
    if (!status || out.body.size() != length.value_or(0))
        return std::nullopt;
    out.status = static_cast<unsigned>(*status);
    return out;
}

}  // namespace anteroom::million
