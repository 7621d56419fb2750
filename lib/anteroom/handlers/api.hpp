// The endpoints of anteroom, as the service that answers requests.
#pragma once

#include <anteroom/handlers/assets.hpp>
#include <anteroom/http/router.hpp>
#include <anteroom/http/service.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/room/hub.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom {

struct api_options {
    milliseconds poll_wait = std::chrono::seconds(25);       // where a poll does not say
    milliseconds poll_wait_max = std::chrono::seconds(120);  // what it may ask for; more is cut
};

/// One request as its handler sees it. The views are good until the handler returns or first suspends.
struct call {
    http::session& client;
    http::request const& request;
    http::target const& target;
    std::optional<std::string_view> segment;  // what stood for `{…}` in the route, as written
};

/// Every endpoint is a function of its own, in the file of its name. All of them may run on any shard at once.
class api final : public http::service {
  public:
    /// The hub and the assets must outlive it.
    api(hub& rooms, assets const& page, api_options options);

    task<void> serve(http::session& client, http::request const& asked) override;

  private:
    using handler = task<void> (api::*)(call const&);
    static std::span<http::route<handler> const> routes() noexcept;

    task<void> get_page(call const& by);
    task<void> get_asset(call const& by);
    task<void> get_room(call const& by);
    task<void> get_rooms(call const& by);
    task<void> get_messages(call const& by);
    task<void> get_subscribe(call const& by);
    task<void> post_publish(call const& by);
    task<void> get_healthz(call const& by);
    task<void> get_readyz(call const& by);

    void send_page(call const& by);

    hub& rooms_;
    assets const& page_;
    api_options options_;
};

}  // namespace anteroom
