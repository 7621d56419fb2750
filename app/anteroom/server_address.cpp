#include "server_address.hpp"

#include "command_reference.hpp"
#include "config_file.hpp"
#include <anteroom/net/address.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <cstring>

namespace anteroom {

namespace {

namespace asio = boost::asio;

asio::ip::address connectable(asio::ip::address const& listening) {
    if (!listening.is_unspecified())
        return listening;
    return listening.is_v6() ? asio::ip::address(asio::ip::address_v6::loopback())
                             : asio::ip::address(asio::ip::address_v4::loopback());
}

}  // namespace

std::optional<std::string> url_of_listener(std::string_view address) {
    auto const parsed = net::parse_address(address);
    if (!parsed)
        return std::nullopt;
    if (parsed->is_unix())
        return "unix:" + parsed->unix_path;
    asio::ip::tcp::endpoint tcp;
    tcp.resize(parsed->endpoint.size());
    std::memcpy(tcp.data(), parsed->endpoint.data(), parsed->endpoint.size());
    if (tcp.port() == 0)
        return std::nullopt;
    auto const host = connectable(tcp.address());
    return fmt::format(fmt::runtime(host.is_v6() ? "http://[{}]:{}" : "http://{}:{}"), host.to_string(), tcp.port());
}

std::vector<std::string> addresses_in_file(std::string const& path) {
    std::vector<std::string> out;
    for (auto const& each : read_config_file(path)) {
        if (each.name != "listen")
            continue;
        for (auto& address : split_at(each.value, ","))
            out.push_back(std::move(address));
    }
    return out;
}

}  // namespace anteroom
