#include <anteroom/handlers/api.hpp>
#include <anteroom/handlers/poll.hpp>

#include <array>

namespace anteroom {

api::api(hub& rooms, std::span<shard* const> shards, assets const& page, api_options options)
    : rooms_(rooms),
      shards_(shards),
      page_(page),
      options_(std::move(options)),
      origins_(options_.allow_origins),
      presence_(rooms, options_.presence_lease),
      keys_(shards, options_.idempotency_window, rooms.memory_limit() / 16, rooms.meter()) {}

std::span<http::route<api::handler> const> api::routes() noexcept {
    using http::verb;
    static constexpr bool and_head = true;
    // The classic tutorial's two calls come without a room; theirs is the lobby.
    static constexpr std::array<http::route<handler>, 14> table = {{
        {"/room/{room}/subscribe", verb::get, &api::get_subscribe},
        {"/room/{room}/publish", verb::post, &api::post_publish},
        {"/room/{room}/messages", verb::get, &api::get_messages, and_head},
        {"/room/{room}/presence", verb::get, &api::get_presence, and_head},
        {"/room/{room}", verb::get, &api::get_room, and_head},
        {"/room/{room}", verb::delete_, &api::delete_room},
        {"/subscribe", verb::get, &api::get_subscribe},
        {"/publish", verb::post, &api::post_publish},
        {"/rooms", verb::get, &api::get_rooms, and_head},
        {"/", verb::get, &api::get_page, and_head},
        {"/assets/{path...}", verb::get, &api::get_asset, and_head},
        {"/metrics", verb::get, &api::get_metrics, and_head},
        {"/healthz", verb::get, &api::get_healthz, and_head},
        {"/readyz", verb::get, &api::get_readyz, and_head},
    }};
    return table;
}

task<void> api::serve(http::session& client, http::request const& asked) {
    if (auto last = poll::to_go_on(client.take_kept(), asked)) {
        if (auto const fields = origins_.fields(asked); !fields.empty())
            client.add_fields(fields);
        return answer_poll(client, std::move(last));
    }
    auto const target = http::target::parse(asked.target);
    if (!target) {
        client.send(http::problem(400, "the target must be a path with valid percent-encoding, such as /room/lobby"));
        return {};
    }
    if (auto const fields = origins_.fields(asked); !fields.empty())
        client.add_fields(fields);
    auto const routing = http::find_route(routes(), *target, asked.method);
    if (routing.found)
        return (this->*routing.found->handler)({client, asked, *target, routing.captured});
    if (routing.allow.empty()) {
        client.send(http::problem(404, "there is nothing at this path; rooms are at /room/{room}"));
    } else if (asked.method == http::verb::options) {
        http::response answer;
        answer.status = 204;
        http::add_field(answer.fields, "Allow", routing.allow);
        answer.fields += origins_.preflight_fields(asked, routing.allow);
        client.send(answer);
    } else {
        auto answer = http::problem(405, "this path has other methods: see the Allow field");
        http::add_field(answer.fields, "Allow", routing.allow);
        client.send(answer);
    }
    return {};
}

}  // namespace anteroom
