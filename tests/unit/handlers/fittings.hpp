// What the endpoints work with, each part within a test's reach, and a service that calls two of them.
#pragma once

#include <anteroom/handlers/context.hpp>
#include <anteroom/handlers/endpoints.hpp>

#include <array>
#include <utility>

namespace anteroom::unit {

struct fittings {
    explicit fittings(shard& home) : shards{&home} {}

    std::array<shard*, 1> shards;
    hub rooms{shards, {}};
    api_options options;
    assets page{{}};
    origins allowed{{}};
    admission gate{{}, {}, allowed};
    presence people{rooms, options.presence_lease};
    idempotency_window keys{shards, options.idempotency_window, 1024 * 1024, rooms.meter()};
    exclusive_clients clients;
    context app{rooms, shards, page, options, allowed, gate, people, keys, clients};
};

/// POST publishes in the lobby or the rooms of the query, GET subscribes there.
class direct_service final : public http::service {
  public:
    void open(fittings& with) { with_ = &with; }

    awaitable<> serve(http::session& client, http::request_ptr asked) override {
        asked->parts = http::target::parse(asked->target);
        bool const publishes = asked->method == http::verb::post;
        call by{{with_->app, client}, std::move(asked), std::nullopt};
        return publishes ? post_publish(std::move(by)) : get_subscribe(std::move(by));
    }
    awaitable<> serve_again(http::session&, std::unique_ptr<http::connection_cache>,
                            http::header_fields const&) override {
        return {};
    }
    std::string refusal_fields(http::header_fields const&) override { return {}; }

  private:
    fittings* with_ = nullptr;
};

}  // namespace anteroom::unit
