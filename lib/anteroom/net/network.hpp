// A range of IP addresses in CIDR notation (RFC 4632).
#pragma once

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace anteroom::net {

class network {
  public:
    /// `10.0.0.0/8`, `fd00::/8`, or one address. Returns nullopt if it is none of these.
    static std::optional<network> parse(std::string_view text);

    /// An IPv4 address that is mapped into IPv6 is the IPv4 address.
    bool contains(boost::asio::ip::address const& address) const noexcept;

  private:
    network(boost::asio::ip::address base, unsigned prefix) : base_(std::move(base)), prefix_(prefix) {}

    boost::asio::ip::address base_;
    unsigned prefix_;  // bits
};

}  // namespace anteroom::net
