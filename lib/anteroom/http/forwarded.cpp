#include <anteroom/base/text.hpp>
#include <anteroom/http/forwarded.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace anteroom::http {

namespace {

// Calls `each` with what stands between separators that are not within quotes. Returns whether all quotes end.
template <class Each>
bool split_unquoted(std::string_view text, char separator, Each each) {
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (quoted && text[i] == '\\')
            ++i;
        else if (!quoted && text[i] == separator) {
            each(trim(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    each(trim(text.substr(begin)));
    return !quoted;
}

// Of a list whose elements know no quotes.
std::string_view last_of(std::string_view list) {
    return trim(list.substr(list.rfind(',') + 1));  // npos + 1 is 0
}

// Some proxies name the scheme of a WebSocket's URL, although browsers name that of the page as its origin.
std::string scheme_of_origin(std::string scheme) {
    if (iequals(scheme, "ws"))
        return "http";
    return iequals(scheme, "wss") ? "https" : std::move(scheme);
}

// A token, or a quoted string (RFC 9110, 5.6.4).
std::string unquoted(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"')
        return std::string(value);
    std::string out;
    for (std::size_t i = 1; i + 1 < value.size(); ++i) {
        if (value[i] == '\\' && i + 2 < value.size())
            ++i;
        out += value[i];
    }
    return out;
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
        out.malformed = !split_unquoted(*standard, ',', [&](std::string_view element) { last = element; });
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
