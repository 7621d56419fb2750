#include <anteroom/base/text.hpp>
#include <anteroom/handlers/admission.hpp>
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

std::optional<bad_input> admission::refusal(net::stream const& from, http::header_fields const& fields) const {
    if (fields.host_known)
        return std::nullopt;
    auto const host = fields.get(header::host);
    if (!host)
        return std::nullopt;
    auto const parsed = http::parse_authority(*host);
    if (!parsed)
        return bad_input{400, "the Host field must be a host name or address, and a port if it is not the default one"};
    auto name = parsed->host;
    http::forwarded as;
    if (says_forwarded(fields) && trusts(from)) {
        as = http::forwarded_as(fields);
        if (!as.host.empty()) {
            auto const before = http::parse_authority(as.host);
            if (!before)
                return bad_input{400, "the proxy's Forwarded or X-Forwarded-Host field names no host"};
            name = before->host;
        }
        if (names_.knows(name) || !from.peer_address())
            return std::nullopt;
        return unknown_name(name);
    }
    if (names_.knows(name)) {
        // Not if a proxy might be believed the next time.
        fields.host_known = !says_forwarded(fields);
        return std::nullopt;
    }
    if (!from.peer_address())
        return std::nullopt;
    return unknown_name(name);
}

std::optional<bad_input> admission::refusal(net::stream const& from, http::request const& asked) const {
    if (asked.parts && asked.parts->authority()) {
        auto const parsed = http::parse_authority(*asked.parts->authority());
        if (!parsed)
            return bad_input{400, "the target's authority must be a host name or address, and perhaps a port"};
        // The Host field is ignored then, but must be one (RFC 9112, 3.2).
        if (auto const host = asked.get(header::host); host && !http::parse_authority(*host))
            return bad_input{400, "the Host field must be a host name or address, and perhaps a port"};
        if (!names_.knows(parsed->host) && from.peer_address())
            return unknown_name(parsed->host);
        return std::nullopt;
    }
    return asked.fields ? refusal(from, *asked.fields) : std::nullopt;
}

bool admission::is_foreign(net::stream const& from, http::request const& asked) const {
    auto const origin = asked.get(header::origin);
    if (!origin) {
        auto const site = asked.get(header::sec_fetch_site);
        return site && iequals(*site, "cross-site") && !allowed_.any();
    }
    if (allowed_.allows(*asked.fields))
        return false;
    std::string_view name = addressed(asked).value_or("");
    // Nothing but TLS is expected on port 443, even if a proxy has ended it.
    auto const written = http::parse_authority(name);
    std::string_view scheme = written && written->port == http::default_port("https") ? "https" : "http";
    http::forwarded as;
    if (says_forwarded(*asked.fields) && trusts(from)) {
        as = http::forwarded_as(*asked.fields);
        if (!as.scheme.empty())
            scheme = as.scheme;
        if (!as.host.empty())
            name = as.host;
    }
    return !origins::is_same(*origin, scheme, name);
}

}  // namespace anteroom
