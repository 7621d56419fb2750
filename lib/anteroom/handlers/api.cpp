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
    /// Why it refuses a request by its head alone; none if it looks at that with the body.
    std::optional<bad_input> (*refused)(call const&) = nullptr;
};

constexpr endpoint at_once(void (*of)(call const&)) noexcept {
    return {of, nullptr};
}
constexpr endpoint may_wait(awaitable<> (*of)(call),
                            std::optional<bad_input> (*refused)(call const&) = nullptr) noexcept {
    return {nullptr, of, refused};
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
    {"/room/{room}/publish", verb::post, may_wait(post_publish, refused_publish)},
    {"/room/{room}/messages", verb::get, at_once(get_messages), and_head},
    {"/room/{room}/presence", verb::get, may_wait(get_presence), and_head},
    {"/room/{room}", verb::get, at_once(get_room), and_head},
    {"/room/{room}", verb::delete_, at_once(delete_room)},
    {"/subscribe", verb::get, may_wait(get_subscribe)},
    {"/publish", verb::post, may_wait(post_publish, refused_publish)},
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

namespace {

using routing = http::routing<endpoint>;

// OPTIONS * is about the server, not about one of its paths (RFC 9110, 9.3.7).
bool is_about_server(http::request const& asked) noexcept {
    return asked.target == "*" && asked.method == verb::options;
}

// What the path has no endpoint for.
http::response response_without_endpoint(routing const& to, http::request const& asked, origins const& allowed) {
    if (to.allow.empty())
        return http::problem(404, "there is nothing at this path; rooms are at /room/{room}");
    auto answer = http::response();
    if (asked.method == verb::options) {
        answer.status = 204;
        answer.fields = allowed.preflight_fields(*asked.fields, to.allow);
    } else {
        answer = http::problem(405, "this path has other methods: see the Allow field");
    }
    http::add_field(answer.fields, "Allow", to.allow);
    return answer;
}

}  // namespace

// Refuses what is refused whatever the endpoint; parses the target. RFC 9110, 9.1: a method that is known, though not
// here, is 405.
std::optional<http::response> api::refusal(http::session& client, http::request& asked) {
    if (asked.method == verb::unknown)
        return http::problem(501, fmt::format("the methods that are understood are {}", known_methods));
    asked.parts = http::target::parse(asked.target);
    if (!asked.parts && !is_about_server(asked))
        return http::problem(400, "the target must be a path with valid percent-encoding, such as /room/lobby");
    if (auto const refused = gate_.refusal(client.transport(), asked))
        return response_to(*refused);
    return std::nullopt;
}

std::optional<http::response> api::refusal_of_head(http::session& client, http::request_ptr& asked) {
    if (auto const cors = origins_.fields(*asked->fields); !cors.empty())
        client.add_fields(cors);
    if (auto refused = refusal(client, *asked))
        return refused;
    if (is_about_server(*asked))
        return std::nullopt;
    auto const to = http::find_route(std::span<http::route<endpoint> const>(routes), *asked->parts, asked->method);
    if (!to.found)
        return response_without_endpoint(to, *asked, origins_);
    call by{{context_, client}, std::move(asked), to.captured};
    std::optional<http::response> out;
    if (changes_something(by.request->method) && by.is_foreign())
        out = response_to(foreign_page("publish or delete here"));
    else if (auto const wrong = to.found->handler.refused ? to.found->handler.refused(by) : std::nullopt)
        out = response_to(*wrong);
    asked = std::move(by.request);
    return out;
}

awaitable<> api::serve(http::session& client, http::request_ptr asked) {
    if (auto const cors = origins_.fields(*asked->fields); !cors.empty())
        client.add_fields(cors);
    if (auto const refused = refusal(client, *asked)) {
        client.send(*refused);
        return {};
    }
    if (is_about_server(*asked)) {
        http::response answer;
        http::add_field(answer.fields, "Allow", known_methods);
        client.send(answer);
        return {};
    }
    auto const to = http::find_route(std::span<http::route<endpoint> const>(routes), *asked->parts, asked->method);
    call by{{context_, client}, std::move(asked), to.captured};
    if (!to.found) {
        bool const reads = by.request->method == verb::get || by.request->method == verb::head;
        if (!to.allow.empty() || !reads || !send_nothing_here(by))
            client.send(response_without_endpoint(to, *by.request, origins_));
        return {};
    }
    if (changes_something(by.request->method) && by.is_foreign()) {
        anteroom::send(client, foreign_page("publish or delete here"));
        return {};
    }
    if (to.found->handler.may_wait != nullptr)
        return to.found->handler.may_wait(std::move(by));
    to.found->handler.at_once(by);
    return {};
}

}  // namespace anteroom
