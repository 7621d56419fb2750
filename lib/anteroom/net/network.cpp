#include <anteroom/net/network.hpp>

#include <charconv>
#include <cstddef>
#include <string>

namespace anteroom::net {

namespace {

namespace ip = boost::asio::ip;

ip::address unmapped(ip::address const& address) noexcept {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

template <class Bytes>
bool same_prefix(Bytes const& a, Bytes const& b, unsigned bits) noexcept {
    constexpr unsigned bits_of_byte = 8;
    std::size_t i = 0;
    for (; bits >= bits_of_byte; bits -= bits_of_byte, ++i) {
        if (a[i] != b[i])
            return false;
    }
    return bits == 0 || (a[i] ^ b[i]) >> (bits_of_byte - bits) == 0;
}

}  // namespace

std::optional<network> network::parse(std::string_view text) {
    auto const slash = text.find('/');
    boost::system::error_code ec;
    auto const base = ip::make_address(std::string(text.substr(0, slash)), ec);
    if (ec || (base.is_v6() && base.to_v6().scope_id() != 0))
        return std::nullopt;
    unsigned const longest = base.is_v4() ? 32 : 128;
    unsigned prefix = longest;
    if (slash != text.npos) {
        auto const digits = text.substr(slash + 1);
        auto const parsed = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
        if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() || prefix > longest)
            return std::nullopt;
    }
    // Addresses that are mapped into IPv6 are compared as the IPv4 addresses that they are.
    constexpr unsigned mapping = 96;
    if (base.is_v6() && base.to_v6().is_v4_mapped() && prefix >= mapping)
        return network(unmapped(base), prefix - mapping);
    return network(base, prefix);
}

bool network::contains(ip::address const& address) const noexcept {
    auto const plain = unmapped(address);
    if (plain.is_v4() != base_.is_v4())
        return false;
    return plain.is_v4() ? same_prefix(plain.to_v4().to_bytes(), base_.to_v4().to_bytes(), prefix_)
                         : same_prefix(plain.to_v6().to_bytes(), base_.to_v6().to_bytes(), prefix_);
}

}  // namespace anteroom::net
