#include <anteroom/base/text.hpp>
#include <anteroom/http/authority.hpp>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace anteroom::http {

namespace {

namespace ip = boost::asio::ip;

bool is_alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// reg-name: unreserved, percent-encoded and sub-delims (RFC 3986, 3.2.2). An IPv4 address is one too.
bool is_name(std::string_view text) noexcept {
    constexpr std::string_view others = "-._~!$&'()*+,;=";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
                return false;
            i += 2;
        } else if (!is_alphanumeric(text[i]) && others.find(text[i]) == others.npos) {
            return false;
        }
    }
    return !text.empty();
}

// Asio's parsers want a string that ends in zero.
template <class Parse>
bool parses(std::string_view text, Parse parse) noexcept {
    constexpr std::size_t longest = 45;  // of an IPv6 address
    std::array<char, longest + 1> copy{};
    if (text.size() > longest || text.empty())
        return false;
    std::memcpy(copy.data(), text.data(), text.size());
    boost::system::error_code ec;
    parse(copy.data(), ec);
    return !ec;
}

bool is_v6_literal(std::string_view host) noexcept {
    if (host.size() < 2 || host.front() != '[' || host.back() != ']')
        return false;
    auto const inner = host.substr(1, host.size() - 2);
    return inner.find('%') == inner.npos &&
           parses(inner, [](char const* text, auto& ec) { return ip::make_address_v6(text, ec); });
}

}  // namespace

std::optional<authority> parse_authority(std::string_view text) noexcept {
    authority out;
    auto const end = text.starts_with('[') ? text.find(']') : text.find(':');
    if (text.starts_with('[')) {
        if (end == text.npos || !is_v6_literal(text.substr(0, end + 1)))
            return std::nullopt;
        out.host = text.substr(0, end + 1);
        text.remove_prefix(end + 1);
    } else {
        out.host = text.substr(0, end);
        if (!is_name(out.host))
            return std::nullopt;
        text.remove_prefix(out.host.size());
    }
    if (text.empty())
        return out;
    if (text.front() != ':')
        return std::nullopt;
    text.remove_prefix(1);
    if (text.empty())
        return out;  // `host:` is allowed (RFC 3986, 3.2.3), and means the default
    std::uint16_t port = 0;
    auto const parsed = std::from_chars(text.data(), text.data() + text.size(), port);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
        return std::nullopt;
    out.port = port;
    return out;
}

bool is_ip_literal(std::string_view host) noexcept {
    return is_v6_literal(host) ||
           parses(host, [](char const* text, auto& ec) { return ip::make_address_v4(text, ec); });
}

std::uint16_t default_port(std::string_view scheme) noexcept {
    constexpr std::uint16_t plain = 80;
    constexpr std::uint16_t secure = 443;
    return iequals(scheme, "https") || iequals(scheme, "wss") ? secure : plain;
}

}  // namespace anteroom::http
