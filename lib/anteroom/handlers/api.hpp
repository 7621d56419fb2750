// The application as the service that answers requests: the routes, and the context of the endpoints.
#pragma once

#include <anteroom/handlers/context.hpp>
#include <anteroom/http/service.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace anteroom {

class api final : public http::service {
  public:
    /// The hub, the shards and the assets must outlive it.
    api(hub& rooms, std::span<shard* const> shards, assets const& page, api_options options);

    awaitable<> serve(http::session& client, http::request_ptr asked) override;
    awaitable<> serve_again(http::session& client, std::unique_ptr<http::connection_cache> kept,
                            http::header_fields const& fields) override;
    std::optional<http::response> refusal_of_head(http::session& client, http::request_ptr& asked) override;
    std::string refusal_fields(http::header_fields const& fields) override { return origins_.fields(fields); }

    /// Does periodic work that does not depend on requests: ends presence leases and forgets keys that have expired,
    /// about `most` of each; returns whether more is left to do. Must be called a few times a second, on the thread of
    /// `here`.
    bool sweep(shard& here, std::size_t most) {
        bool const more = keys_.sweep_some(most);
        return presence_.sweep_some(here, most) || more;
    }

  private:
    std::optional<http::response> refusal(http::session& client, http::request& asked);

    api_options options_;
    origins origins_;
    admission gate_;
    presence presence_;
    idempotency_window keys_;
    exclusive_clients clients_;
    context context_;
};

}  // namespace anteroom
