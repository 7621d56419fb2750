// Which handler a target and a method lead to: a table of routes, matched segment by segment.
#pragma once

#include <anteroom/http/request.hpp>
#include <anteroom/http/target.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom::http {

/// A row of the table. In a pattern, `{…}` stands for one segment, and `{path...}` at its end for one or more.
template <class Handler>
struct route {
    std::string_view pattern;
    verb method;
    Handler handler;
    bool answers_head = false;  // a GET that answers HEAD too
};

/// Whether a path fits a pattern; sets `captured` to what `{…}` stood for, as written. Pure.
bool matches(std::string_view pattern, target const& path, std::optional<std::string_view>& captured) noexcept;

/// What the table says of a request.
template <class Handler>
struct routing {
    route<Handler> const* found = nullptr;
    std::optional<std::string_view> captured;
    std::string allow;  // the methods of the path, for `Allow`; empty if there is no such path
};

/// Looks a request up. Pure.
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
