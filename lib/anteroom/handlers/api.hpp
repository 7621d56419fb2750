// The endpoints of anteroom, as the service that answers requests.
#pragma once

#include <anteroom/handlers/assets.hpp>
#include <anteroom/handlers/origins.hpp>
#include <anteroom/handlers/parsed.hpp>
#include <anteroom/handlers/seats.hpp>
#include <anteroom/http/router.hpp>
#include <anteroom/http/service.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/http/websocket.hpp>
#include <anteroom/room/hub.hpp>
#include <anteroom/room/idempotency.hpp>
#include <anteroom/room/presence.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

class poll;
struct subscription;
struct to_publish;
struct published;

struct api_options {
    milliseconds poll_wait = std::chrono::seconds(25);       // where a poll does not say
    milliseconds poll_wait_max = std::chrono::seconds(120);  // what it may ask for; more is cut
    milliseconds keep_alive = std::chrono::seconds(15);      // between keep-alives of a stream
    milliseconds presence_lease = std::chrono::seconds(10);
    milliseconds idempotency_window = std::chrono::minutes(5);
    milliseconds body_timeout = std::chrono::seconds(30);  // for a message of a WebSocket to come whole
    std::size_t max_body = std::size_t{64} * 1024;         // of a message of a WebSocket
    std::vector<std::string> allow_origins;
    bool allow_delete = false;
    bool websocket_deflate = false;
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
    /// The hub, the shards and the assets must outlive it.
    api(hub& rooms, std::span<shard* const> shards, assets const& page, api_options options);

    task<void> serve(http::session& client, http::request const& asked) override;
    std::string refusal_fields(http::request const& asked) override { return origins_.fields(asked); }

    /// Sees to what has to happen even if nobody asks: people leave. To be called a few times a second, on the thread
    /// of `here`.
    void sweep(shard& here) { presence_.sweep(here); }

  private:
    using handler = task<void> (api::*)(call const&);
    static std::span<http::route<handler> const> routes() noexcept;

    task<void> get_page(call const& by);
    task<void> get_asset(call const& by);
    task<void> get_room(call const& by);
    task<void> delete_room(call const& by);
    task<void> get_presence(call const& by);
    task<void> get_rooms(call const& by);
    task<void> get_messages(call const& by);
    task<void> get_subscribe(call const& by);
    task<void> post_publish(call const& by);
    task<void> get_metrics(call const& by);
    task<void> get_healthz(call const& by);
    task<void> get_readyz(call const& by);

    void send_page(call const& by);

    parsed<subscription> read_subscription(call const& by);
    task<void> answer_poll(http::session& client, std::unique_ptr<poll> asking);
    static task<void> long_poll(http::session& client, std::unique_ptr<poll> asking, bool in_turn);
    task<void> begin_stream(http::session& client, subscription asked);
    task<void> stream(http::session& client, std::unique_ptr<subscription> asked);
    std::optional<http::websocket_handshake> shake_hands(call const& by);
    task<void> begin_websocket(http::session& client, subscription asked, http::websocket_handshake hands);
    task<void> websocket(http::session& client, std::unique_ptr<subscription> asked, bool deflate);

    /// Publishes; nothing where a publish with the same key is under way, and what was to be published is then as it
    /// was.
    std::optional<published> publish(to_publish& what, shard& here);
    task<published> publish_after_others(to_publish what, shard& here);
    task<void> answer_after_others(http::session& client, to_publish what);

    hub& rooms_;
    std::span<shard* const> shards_;
    assets const& page_;
    api_options options_;
    origins origins_;
    presence presence_;
    idempotency_window keys_;
    seats seats_;
};

}  // namespace anteroom
