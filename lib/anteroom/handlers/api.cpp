#include <anteroom/handlers/api.hpp>
#include <anteroom/handlers/endpoints.hpp>
#include <anteroom/handlers/subscribing.hpp>
#include <anteroom/http/router.hpp>

#include <fmt/format.h>

#include <array>
#include <utility>

namespace anteroom {

namespace {

/// An endpoint: exactly one of the two functions is set.
struct endpoint {
    void (*at_once)(call const&) = nullptr;
    awaitable<> (*may_wait)(call) = nullptr;
};

constexpr endpoint at_once(void (*of)(call const&)) noexcept {
    return {of, nullptr};
}
constexpr endpoint may_wait(awaitable<> (*of)(call)) noexcept {
    return {nullptr, of};
}

using http::verb;

// RFC 9110, 9.2.1.
bool changes_something(verb method) noexcept {
    return method != verb::get && method != verb::head && method != verb::options;
}

// Those of all paths.
constexpr std::string_view known_methods = "GET, HEAD, POST, DELETE, OPTIONS";

constexpr bool and_head = true;

// The two calls of the classic tutorial chat do not name a room; they use the lobby.
constexpr std::array<http::route<endpoint>, 14> routes = {{
    {"/room/{room}/subscribe", verb::get, may_wait(get_subscribe)},
    {"/room/{room}/publish", verb::post, may_wait(post_publish)},
    {"/room/{room}/messages", verb::get, at_once(get_messages), and_head},
    {"/room/{room}/presence", verb::get, may_wait(get_presence), and_head},
    {"/room/{room}", verb::get, at_once(get_room), and_head},
    {"/room/{room}", verb::delete_, at_once(delete_room)},
    {"/subscribe", verb::get, may_wait(get_subscribe)},
    {"/publish", verb::post, may_wait(post_publish)},
    {"/rooms", verb::get, may_wait(get_rooms), and_head},
    {"/", verb::get, at_once(get_page), and_head},
    {"/assets/{path...}", verb::get, at_once(get_asset), and_head},
    {"/metrics", verb::get, at_once(get_metrics), and_head},
    {"/healthz", verb::get, at_once(get_healthz), and_head},
    {"/readyz", verb::get, at_once(get_readyz), and_head},
}};

}  // namespace

api::api(hub& rooms, std::span<shard* const> shards, assets const& page, api_options options)
    : options_(std::move(options)),
      origins_(options_.allow_origins),
      gate_(options_.hosts, options_.trust_proxies, origins_),
      presence_(rooms, options_.presence_lease),
      keys_(shards, options_.idempotency_window, rooms.memory_limit() / 16, rooms.meter()),
      context_{rooms, shards, page, options_, origins_, gate_, presence_, keys_, clients_} {}

// Only polls are ever kept.
awaitable<> api::serve_again(http::session& client, std::unique_ptr<http::connection_cache> kept,
                             http::header_fields const& fields) {
    if (auto const cors = origins_.fields(fields); !cors.empty())
        client.add_fields(cors);
    if (auto const refused = gate_.refusal(client.transport(), fields)) {
        anteroom::send(client, *refused);
        return {};
    }
    return answer_poll({context_, client}, poll::from(std::move(kept)));
}

// OPTIONS * is about the server, not about one of its paths (RFC 9110, 9.3.7).
void api::send_server_options(http::session& client, http::request const& asked) {
    if (auto const refused = gate_.refusal(client.transport(), asked)) {
        anteroom::send(client, *refused);
        return;
    }
    http::response answer;
    http::add_field(answer.fields, "Allow", known_methods);
    client.send(answer);
}

awaitable<> api::serve(http::session& client, http::request_ptr asked) {
    if (auto const cors = origins_.fields(*asked->fields); !cors.empty())
        client.add_fields(cors);
    if (asked->target == "*" && asked->method == verb::options) {
        send_server_options(client, *asked);
        return {};
    }
    asked->parts = http::target::parse(asked->target);
    if (!asked->parts) {
        client.send(http::problem(400, "the target must be a path with valid percent-encoding, such as /room/lobby"));
        return {};
    }
    if (auto const refused = gate_.refusal(client.transport(), *asked)) {
        anteroom::send(client, *refused);
        return {};
    }
    // RFC 9110, 9.1: a method that is known, though not here, is 405.
    if (asked->method == verb::unknown) {
        client.send(http::problem(501, fmt::format("the methods that are understood are {}", known_methods)));
        return {};
    }
    auto const routing = http::find_route(std::span<http::route<endpoint> const>(routes), *asked->parts, asked->method);
    if (routing.found) {
        auto const& to = routing.found->handler;
        call by{{context_, client}, std::move(asked), routing.captured};
        if (changes_something(by.request->method) && by.is_foreign()) {
            anteroom::send(client, foreign_page("publish or delete here"));
            return {};
        }
        if (to.may_wait != nullptr)
            return to.may_wait(std::move(by));
        to.at_once(by);
        return {};
    }
    if (routing.allow.empty()) {
        client.send(http::problem(404, "there is nothing at this path; rooms are at /room/{room}"));
    } else if (asked->method == verb::options) {
        http::response answer;
        answer.status = 204;
        http::add_field(answer.fields, "Allow", routing.allow);
        answer.fields += origins_.preflight_fields(*asked->fields, routing.allow);
        client.send(answer);
    } else {
        auto answer = http::problem(405, "this path has other methods: see the Allow field");
        http::add_field(answer.fields, "Allow", routing.allow);
        client.send(answer);
    }
    return {};
}

}  // namespace anteroom
