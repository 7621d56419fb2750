#include <anteroom/net/address.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/url/parse.hpp>

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

}  // namespace anteroom::net
