#include <anteroom/client/server_url.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

namespace anteroom::client {

namespace {

error invalid(std::string_view text, std::string_view why) {
    return {errc::bad_argument, fmt::format("'{}' {}", text, why)};
}

}  // namespace

result<server_url> parse_server_url(std::string_view text) {
    server_url out;
    if (text.starts_with("unix:")) {
        auto path = text.substr(5);
        if (path.starts_with("//"))
            path.remove_prefix(2);
        // sockaddr_un has room for 107 bytes and a zero.
        if (path.empty() || path.size() > 107 || path.find('\0') != path.npos)
            return invalid(text, "is not a Unix socket; write unix:PATH with a path of 1 to 107 bytes");
        out.unix_path = path;
        return out;
    }
    if (text.starts_with("https:") || text.starts_with("wss:"))
        return invalid(text, "asks for TLS, which is left to a proxy; give the http:// address behind it");
    static constexpr std::string_view usage = "is not the URL of a server; write http://host:port or unix:PATH";
    auto const url = boost::urls::parse_uri(text);
    if (!url || url->scheme() != "http" || url->encoded_host().empty() || url->has_userinfo() || url->has_query() ||
        url->has_fragment())
        return invalid(text, usage);
    if (url->has_port() && !url->port().empty()) {
        out.port = url->port_number();
        if (out.port == 0)
            return invalid(text, "has no port that can be connected to; write http://host:port");
    }
    out.host = url->host_address();
    out.authority = url->encoded_host();
    if (out.port != 80)
        out.authority += fmt::format(":{}", out.port);
    out.prefix = url->encoded_path();
    while (out.prefix.ends_with('/'))
        out.prefix.pop_back();
    return out;
}

}  // namespace anteroom::client
