#include <anteroom/base/text.hpp>
#include <anteroom/guard/origins.hpp>
#include <anteroom/http/authority.hpp>
#include <anteroom/http/response.hpp>

#include <algorithm>
#include <utility>

namespace anteroom {

origins::origins(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {
    any_ = std::find(allowed_.begin(), allowed_.end(), "*") != allowed_.end();
}

bool origins::is_origin(std::string_view text) noexcept {
    if (text == "*" || text == "null")
        return true;
    auto const scheme = text.find("://");
    if (scheme == text.npos || scheme == 0)
        return false;
    auto const authority = text.substr(scheme + 3);
    // Sub-delimiters are allowed in names, but the origin that has one is more likely a list or a pattern.
    return http::parse_authority(authority) && authority.find_first_of(",*") == authority.npos;
}

bool origins::allows(http::header_fields const& asked) const noexcept {
    auto const origin = asked.get(http::header::origin);
    return origin && (any_ || std::any_of(allowed_.begin(), allowed_.end(), [&](std::string_view each) {
                          if (iequals(each, *origin))
                              return true;
                          // The operator may have written the default port, which browsers leave out.
                          auto const end = each.find("://");
                          return end != each.npos && is_same(*origin, each.substr(0, end), each.substr(end + 3));
                      }));
}

bool origins::is_same(std::string_view origin, std::string_view scheme, std::string_view authority) noexcept {
    auto const end = origin.find("://");
    if (end == origin.npos || !iequals(origin.substr(0, end), scheme))
        return false;
    auto const one = http::parse_authority(origin.substr(end + 3));
    auto const other = http::parse_authority(authority);
    auto const implied = http::default_port(scheme);
    return one && other && iequals(one->host, other->host) &&
           one->port.value_or(implied) == other->port.value_or(implied);
}

std::string origins::fields(http::header_fields const& asked) const {
    std::string out;
    if (allowed_.empty())
        return out;
    // The response depends on the origin, which a cache has to know.
    if (!any_)
        http::add_field(out, "Vary", "Origin");
    if (!allows(asked))
        return out;
    http::add_field(out, "Access-Control-Allow-Origin", any_ ? "*" : *asked.get(http::header::origin));
    http::add_field(out, "Access-Control-Expose-Headers",
                    "Last-Event-ID, Gap, Room, Superseded, Retry-After, WWW-Authenticate");
    return out;
}

std::string origins::preflight_fields(http::header_fields const& asked, std::string_view methods) const {
    std::string out;
    if (!allows(asked) || !asked.get(http::header::access_control_request_method))
        return out;
    http::add_field(out, "Access-Control-Allow-Methods", methods);
    http::add_field(out, "Access-Control-Allow-Headers",
                    "Accept, Content-Encoding, Content-Type, Idempotency-Key, Last-Event-ID, Prefer");
    http::add_field(out, "Access-Control-Max-Age", "600");
    return out;
}

}  // namespace anteroom
