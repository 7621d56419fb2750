#include <anteroom/net/address.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/url/parse.hpp>
#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <string>

namespace anteroom::net {

namespace asio = boost::asio;

std::optional<address> parse_address(std::string_view text) {
    address out;
    out.text = text;
    if (text.starts_with("unix:")) {
        out.unix_path = text.substr(5);
        // sockaddr_un has space for 107 bytes and a terminating zero.
        if (out.unix_path.empty() || out.unix_path.size() > 107)
            return std::nullopt;
        out.endpoint = asio::local::stream_protocol::endpoint(out.unix_path);
        return out;
    }
    auto const parts = boost::urls::parse_authority(text);
    if (!parts || parts->has_userinfo() || !parts->has_port() || parts->port().empty() ||
        (parts->port() != "0" && parts->port_number() == 0))
        return std::nullopt;
    std::string const host = parts->host_address() == "localhost" ? "127.0.0.1" : parts->host_address();
    boost::system::error_code ec;
    auto const ip = asio::ip::make_address(host, ec);
    if (ec)
        return std::nullopt;
    out.endpoint = asio::ip::tcp::endpoint(ip, parts->port_number());
    return out;
}

std::optional<address> bound_address(int socket) {
    address out;
    auto size = static_cast<socklen_t>(out.endpoint.capacity());
    if (::getsockname(socket, out.endpoint.data(), &size) != 0)
        return std::nullopt;
    out.endpoint.resize(size);
    auto const family = out.endpoint.data()->sa_family;
    if (family == AF_UNIX) {
        auto const* const local = reinterpret_cast<sockaddr_un const*>(out.endpoint.data());
        constexpr std::size_t before = offsetof(sockaddr_un, sun_path);
        if (size <= before)
            return std::nullopt;
        auto const* const path = static_cast<char const*>(local->sun_path);
        out.unix_path = *path == '\0' ? "@" + std::string(path + 1, size - before - 1)
                                      : std::string(path, ::strnlen(path, size - before));
        out.text = "unix:" + out.unix_path;
        return out;
    }
    if (family != AF_INET && family != AF_INET6)
        return std::nullopt;
    asio::ip::tcp::endpoint tcp;
    tcp.resize(size);
    std::memcpy(tcp.data(), out.endpoint.data(), size);
    out.text =
        fmt::format(fmt::runtime(tcp.address().is_v6() ? "[{}]:{}" : "{}:{}"), tcp.address().to_string(), tcp.port());
    return out;
}

}  // namespace anteroom::net
