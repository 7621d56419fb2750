// Maps a method and a target to a handler: a table of routes, matched segment by segment.
#pragma once

#include <anteroom/http/request.hpp>
#include <anteroom/http/target.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom::http {

/// A row of the table. In a pattern, `{…}` matches any one segment, and `{path...}` at its end for one or more.
template <class Handler>
struct route {
    std::string_view pattern;
    verb method;
    Handler handler;
    bool answers_head = false;  // a GET that also answers HEAD
};

/// Whether a path fits a pattern; sets `captured` to what `{…}` stood for, as written. Pure.
bool matches(std::string_view pattern, target const& path, std::optional<std::string_view>& captured) noexcept;

/// The result of a look-up.
template <class Handler>
struct routing {
    route<Handler> const* found = nullptr;
    std::optional<std::string_view> captured;
    std::string allow;  // the methods of the path, for `Allow`; empty if no route has the path
};

/// Looks a request up in the table. Pure function.
template <class Handler>
routing<Handler> find_route(std::span<route<Handler> const> table, target const& path, verb method) {
    routing<Handler> out;
    auto const allow = [&](std::string_view name) {
        if (!out.allow.empty())
            out.allow += ", ";
        out.allow += name;
    };
    for (auto const& each : table) {
        if (!matches(each.pattern, path, out.captured))
            continue;
        if (each.method == method || (method == verb::head && each.answers_head)) {
            out.found = &each;
            return out;
        }
        allow(boost::beast::http::to_string(each.method));
        if (each.answers_head)
            allow("HEAD");
    }
    if (!out.allow.empty())
        allow("OPTIONS");
    return out;
}

}  // namespace anteroom::http
