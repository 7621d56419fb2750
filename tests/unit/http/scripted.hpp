// A service that a test scripts, requests to send to it, and what its answers are.
#pragma once

#include "http/house.hpp"
#include <anteroom/http/response.hpp>
#include <anteroom/http/service.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::unit {

/// Answers at once with the target and, behind a space, the body.
inline awaitable<> echo(http::session& to, http::request_ptr asked) {
    std::string body(asked->target);
    if (!asked->body.empty())
        body.append(" ").append(asked->body);
    to.send(http::json_response(200, std::move(body)));
    return {};
}

struct scripted final : http::service {
    std::function<awaitable<>(http::session&, http::request_ptr)> on_request = echo;
    std::function<awaitable<>(http::session&, std::unique_ptr<http::connection_cache>)> on_again;
    std::string cors;
    std::vector<std::string> targets;  // of the requests that came to serve()

    awaitable<> serve(http::session& client, http::request_ptr asked) override {
        targets.emplace_back(asked->target);
        return on_request(client, std::move(asked));
    }
    awaitable<> serve_again(http::session& client, std::unique_ptr<http::connection_cache> kept,
                            http::header_fields const&) override {
        REQUIRE(on_again);
        return on_again(client, std::move(kept));
    }
    std::string refusal_fields(http::header_fields const&) override { return cors; }
};

using scripted_house = house<scripted>;

/// A GET, with more fields, each with its CRLF.
inline std::string get(std::string_view target, std::string_view fields = {}) {
    return std::string("GET ").append(target).append(" HTTP/1.1\r\nHost: a\r\n").append(fields).append("\r\n");
}

inline std::string post(std::string_view target, std::string_view body, std::string_view fields = {}) {
    return std::string("POST ")
        .append(target)
        .append(" HTTP/1.1\r\nHost: a\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n")
        .append(fields)
        .append("\r\n")
        .append(body);
}

/// The bodies of whole answers that have a Content-Length; one that does not come to its end is "half".
inline std::vector<std::string> bodies(std::string_view received) {
    static constexpr std::string_view name = "Content-Length: ";
    std::vector<std::string> out;
    while (!received.empty()) {
        auto const head = received.find("\r\n\r\n");
        auto const field = received.find(name);
        std::size_t size = 0;
        if (head != received.npos && field < head)
            std::from_chars(received.data() + field + name.size(), received.data() + head, size);
        if (head == received.npos || received.size() < head + 4 + size) {
            out.emplace_back("half");
            break;
        }
        out.emplace_back(received.substr(head + 4, size));
        received.remove_prefix(head + 4 + size);
    }
    return out;
}

inline std::size_t count(std::string_view in, std::string_view what) {
    std::size_t out = 0;
    for (auto at = in.find(what); at != in.npos; at = in.find(what, at + what.size()))
        ++out;
    return out;
}

/// How many requests that come in one read are answered before their session yields: it does so after 64 steps, and the
/// read is one.
inline constexpr std::size_t before_yield = 63;

/// How many connections have been closed.
inline std::uint64_t closed(scripted_house const& of) {
    return of.home.counted().get(counter::connections_closed);
}

}  // namespace anteroom::unit
