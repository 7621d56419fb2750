#include <anteroom/base/text.hpp>
#include <anteroom/http/forwarded.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace anteroom::http {

namespace {

// The last element of a list whose elements know no quotes.
std::string_view last_of(std::string_view list) {
    for (;;) {
        auto const comma = list.rfind(',');
        auto const element = trim(list.substr(comma + 1));  // npos + 1 is 0
        if (!element.empty() || comma == list.npos)
            return element;
        list = list.substr(0, comma);
    }
}

// Some proxies name the scheme of a WebSocket's URL, although browsers name that of the page as its origin.
std::string scheme_of_origin(std::string scheme) {
    if (iequals(scheme, "ws"))
        return "http";
    return iequals(scheme, "wss") ? "https" : std::move(scheme);
}

}  // namespace

forwarded forwarded_as(header_fields const& fields) {
    forwarded out;
    if (auto const proto = fields.get(header::x_forwarded_proto))
        out.scheme = last_of(*proto);
    if (auto const host = fields.get(header::x_forwarded_host))
        out.host = last_of(*host);
    if (auto const standard = fields.get(header::forwarded)) {
        std::string_view last;
        out.malformed = !for_each_element(*standard, [&](std::string_view element) { last = element; });
        split_unquoted(last, ';', [&](std::string_view pair) {
            auto const equals = pair.find('=');
            if (equals == pair.npos)
                return;
            auto const name = trim(pair.substr(0, equals));
            auto const value = trim(pair.substr(equals + 1));
            if (iequals(name, "proto"))
                out.scheme = unquoted(value);
            else if (iequals(name, "host"))
                out.host = unquoted(value);
        });
    }
    out.scheme = scheme_of_origin(std::move(out.scheme));
    return out;
}

}  // namespace anteroom::http
