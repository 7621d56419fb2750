// How a kind of server is subscribed and published to: its requests, its cursors, what its answers and events mean.
#pragma once

#include "answer.hpp"
#include "sse_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::bench {

enum class dialect_kind {
    anteroom,  // the raw long poll, its SSE and WebSocket; the yardsticks speak it too
    nchan,     // GET /sub/ID, POST /pub/ID
};

enum class transport_kind { poll, sse, websocket };

enum class header_kind {
    plain,    // what a lean client sends
    browser,  // about 600 bytes, as a browser's fetch() sends
};

enum class poll_outcome { message, nothing, refused };

// What a server said of a gap: `Gap: reason;missed=N;room=NAME`, or the same as JSON in a stream.
struct told_gap {
    bool counted = false;  // `missed` was there
    std::uint64_t missed = 0;
    std::string_view room;
};
told_gap read_gap(std::string_view field);

// What a stream said.
struct stream_news {
    enum class kind { message, gap, nothing, refused };
    kind what = kind::nothing;
    std::string_view body;
    std::string_view room;  // empty: the only one
    told_gap gap;
};

class dialect {
  public:
    // `host` is the Host field; `wait` asks anteroom to hang that many seconds (0: the server's default); `together` is
    // the number of rooms of one subscription.
    dialect(dialect_kind kind, transport_kind transport, header_kind headers, std::string_view host, int wait,
            std::size_t together);

    // Where these rooms, one or several, are subscribed to.
    [[nodiscard]] std::string target(std::vector<std::string_view> const& rooms) const;

    // Appends the request that polls `target` from `cursor` (empty: from now on), or opens a stream there.
    void subscribe(std::string& out, std::string_view target, std::string_view cursor) const;

    // Appends the request that publishes `body`.
    void publish(std::string& out, std::string_view room, std::string_view body) const;

    // Keeps in `cursor` what the next poll has to send.
    void remember(answer const& from, std::string& cursor) const;

    [[nodiscard]] poll_outcome judge(answer const& polled) const;
    [[nodiscard]] bool accepted(answer const& published) const;

    // The head says that a stream of the right kind follows.
    [[nodiscard]] bool opened(answer const& head) const;
    [[nodiscard]] stream_news read(sse_event const& event) const;
    [[nodiscard]] stream_news read(std::string_view websocket_message) const;

  private:
    dialect_kind kind_;
    transport_kind transport_;
    bool several_;
    std::string subscribe_fields_;  // everything after the request target and before the cursor's fields
    std::string publish_fields_;    // everything after the request target and before the length
    std::string wait_;
};

}  // namespace anteroom::bench
