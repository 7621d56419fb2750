// The application without sockets: its rooms, its endpoints, and visitors with in-memory connections, in virtual time.
#pragma once

#include "handlers/answers.hpp"
#include "http/house.hpp"
#include <anteroom/handlers/api.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::unit {

/// The service of a house, once it was opened.
class application final : public http::service {
  public:
    application() = default;

    void open(shard& home, api_options options, hub_options limits, std::optional<std::string> const& folder);

    awaitable<> serve(http::session& client, http::request_ptr asked) override;
    awaitable<> serve_again(http::session& client, std::unique_ptr<http::connection_cache> kept,
                            http::header_fields const& fields) override;
    std::optional<http::response> refusal_of_head(http::session& client, http::request_ptr& asked) override;
    std::string refusal_fields(http::header_fields const& fields) override;

    hub& rooms() noexcept { return *rooms_; }
    api& endpoints() noexcept { return *api_; }
    /// How many requests were answered by what was kept of the one before.
    int continued() const noexcept { return continued_; }

  private:
    std::array<shard*, 1> shards_{};
    std::unique_ptr<hub> rooms_;
    std::unique_ptr<assets> page_;
    std::unique_ptr<api> api_;
    int continued_ = 0;
};

struct anteroom_house : house<application> {
    explicit anteroom_house(api_options options = {}, hub_options limits = {},
                            std::optional<std::string> const& folder = std::nullopt);

    hub& rooms() noexcept { return service.rooms(); }
    /// Publishes a text, runs what comes of it, and returns the message's id.
    std::string publish(std::string_view room, std::string_view text);
    /// The same without running anything.
    std::string append(std::string_view room, std::string_view text);
    /// How many wait in a room.
    std::size_t waiting(std::string_view room);
    /// The cursor where a room ends, or would begin.
    std::string end(std::string_view room);
    void drain();
    void sweep();
};

/// Somebody with a connection to the house.
class visitor : public client {
  public:
    explicit visitor(anteroom_house& in) : client(in.sessions) {}

    /// Sends a request, and returns its answer; one with status 0 if there is none yet.
    answer ask(std::string_view line, std::string_view fields = {}, std::string_view body = {});
    /// The answer to what was asked before.
    answer next_answer();
    /// The data of all chunks that have come since the last call.
    std::string next_data() { return dechunked(receive()); }
    /// The frames that have come since the last call.
    std::vector<std::string> next_frames() { return frames(receive()); }

    /// Asks for a WebSocket.
    answer upgrade(std::string_view target, std::string_view more_fields = {});
    /// The fields that do so.
    static constexpr std::string_view upgrade_fields =
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
};

inline constexpr std::string_view accept_json = "Accept: application/json\r\n";
inline constexpr std::string_view accept_ndjson = "Accept: application/x-ndjson\r\n";
inline constexpr std::string_view accept_sse = "Accept: text/event-stream\r\n";

}  // namespace anteroom::unit
