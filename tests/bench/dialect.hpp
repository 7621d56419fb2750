// How a kind of server is polled and published to: its requests, its cursors, what its answers mean.
#pragma once

#include "answer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::bench {

enum class dialect_kind {
    anteroom,  // the raw long poll; the yardstick speaks it too
    nchan,     // GET /sub/ID, POST /pub/ID
};

enum class header_kind {
    plain,    // what a lean client sends
    browser,  // about 600 bytes, as a browser's fetch() sends
};

enum class poll_outcome { message, nothing, refused };

class dialect {
  public:
    // `host` is the Host field; `wait` asks anteroom to hang that many seconds (0: the server's default).
    dialect(dialect_kind kind, header_kind headers, std::string_view host, int wait);

    // Appends the request that polls `room` from `cursor` (empty: from now on).
    void poll(std::string& out, std::string_view room, std::string_view cursor) const;

    // Appends the request that publishes `body`.
    void publish(std::string& out, std::string_view room, std::string_view body) const;

    // Keeps in `cursor` what the next poll has to send.
    void remember(answer const& from, std::string& cursor) const;

    [[nodiscard]] poll_outcome judge(answer const& polled) const;
    [[nodiscard]] bool accepted(answer const& published) const;

  private:
    dialect_kind kind_;
    std::string poll_fields_;     // everything after the request target and before the cursor's fields
    std::string publish_fields_;  // everything after the request target and before the length
    std::string wait_;
};

// What a server said of a gap in anteroom's field `Gap: reason;missed=N`.
struct told_gap {
    bool counted = false;  // `missed` was there
    std::uint64_t missed = 0;
};
told_gap read_gap(std::string_view field);

}  // namespace anteroom::bench
