#include <anteroom/base/text.hpp>
#include <anteroom/guard/admission.hpp>
#include <anteroom/http/authority.hpp>
#include <anteroom/http/forwarded.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace anteroom {

namespace {

using http::header;

// The authority by which the client has addressed the server: that of an absolute target wins (RFC 9112, 3.2.2).
std::optional<std::string_view> addressed(http::request const& asked) {
    if (asked.parts && asked.parts->authority())
        return asked.parts->authority();
    return asked.get(header::host);
}

bad_input unknown_name(std::string_view host) {
    std::string shown;
    for (char const c : host)
        shown += c > ' ' && c < '\x7F' && c != '"' && c != '\\' ? c : '?';
    return {421, fmt::format("this server does not answer to the name '{}'; if it is meant to, start it with --host {}",
                             shown, shown)};
}

bool says_forwarded(http::header_fields const& fields) noexcept {
    return fields.get(header::forwarded) || fields.get(header::x_forwarded_host) ||
           fields.get(header::x_forwarded_proto);
}

}  // namespace

bad_input foreign_page(std::string_view what) {
    return {403,
            fmt::format("pages of this site may not {}; list its origin with --allow-origin or, if it is the server's "
                        "own behind a proxy, see --trust-proxy",
                        what)};
}

admission::admission(std::vector<std::string> names, std::vector<net::network> proxies, origins const& allowed)
    : names_(std::move(names)), proxies_(std::move(proxies)), allowed_(allowed) {}

// What is no IP connection (a Unix socket) comes from this machine, and not from a browser.
bool admission::trusts(net::stream const& from) const {
    auto const peer = from.peer_address();
    return !peer ||
           std::any_of(proxies_.begin(), proxies_.end(), [&](auto const& each) { return each.contains(*peer); });
}

std::optional<bad_input> admission::refusal_of(net::stream const& from, std::string_view authority,
                                               std::string_view what) const {
    auto const parsed = http::parse_authority(authority);
    if (!parsed)
        return bad_input{400, fmt::format("{} must be a host name or address, and perhaps a port", what)};
    if (!names_.knows(parsed->host) && from.peer_address())
        return unknown_name(parsed->host);
    return std::nullopt;
}

std::optional<bad_input> admission::refusal_of_forwarded(net::stream const& from,
                                                         http::header_fields const& fields) const {
    if (!says_forwarded(fields) || !trusts(from))
        return std::nullopt;
    auto const as = http::forwarded_as(fields);
    if (as.malformed)
        return bad_input{400, "a quote in the Forwarded field does not end"};
    return as.host.empty() ? std::nullopt
                           : refusal_of(from, as.host, "what Forwarded or X-Forwarded-Host say of the host");
}

// A proxy that passes Host on may pass on fields of the client's as well, so what these say does not replace it: both
// must be known.
std::optional<bad_input> admission::refusal(net::stream const& from, http::header_fields const& fields) const {
    if (fields.host_known)
        return std::nullopt;
    auto const host = fields.get(header::host);
    if (host) {
        if (auto refused = refusal_of(from, *host, "the Host field"))
            return refused;
    }
    if (says_forwarded(fields))
        return refusal_of_forwarded(from, fields);
    // Not over a Unix socket, where any name will do.
    fields.host_known = host && from.peer_address();
    return std::nullopt;
}

std::optional<bad_input> admission::refusal(net::stream const& from, http::request const& asked) const {
    if (!asked.parts || !asked.parts->authority())
        return asked.fields ? refusal(from, *asked.fields) : std::nullopt;
    // The Host field is ignored then, but must be one (RFC 9112, 3.2).
    if (auto const host = asked.get(header::host); host && !http::parse_authority(*host))
        return bad_input{400, "the Host field must be a host name or address, and perhaps a port"};
    if (auto refused = refusal_of(from, *asked.parts->authority(), "the target's authority"))
        return refused;
    return asked.fields ? refusal_of_forwarded(from, *asked.fields) : std::nullopt;
}

bool admission::is_foreign(net::stream const& from, http::request const& asked) const {
    auto const origin = asked.get(header::origin);
    if (!origin) {
        return has_element(asked.get(header::sec_fetch_site).value_or(""), "cross-site") && !allowed_.any();
    }
    if (allowed_.allows(*asked.fields))
        return false;
    http::forwarded as;
    if (says_forwarded(*asked.fields) && trusts(from))
        as = http::forwarded_as(*asked.fields);
    std::string_view const name = as.host.empty() ? addressed(asked).value_or("") : as.host;
    if (!as.scheme.empty())
        return !origins::is_same(*origin, as.scheme, name);
    if (origins::is_same(*origin, "http", name))
        return false;
    // On port 443 it may as well be TLS that a proxy has ended.
    auto const written = http::parse_authority(name);
    bool const may_be_tls = written && written->port == http::default_port("https");
    return !may_be_tls || !origins::is_same(*origin, "https", name);
}

}  // namespace anteroom
