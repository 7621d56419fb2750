// A client that requests far more than the buffers between it and the server hold, and does not read it.
#pragma once

#include "http_client.hpp"
#include "room_client.hpp"

#include <string>
#include <vector>

namespace anteroom::integration {

/// The flags that a server needs for fill_large_room(), and those of the test.
inline std::vector<std::string> large_room_flags(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--max-body", "32M", "--history-bytes", "64M"});
    return more;
}

inline constexpr std::size_t large_room_size = 24 * 1024 * 1024;

/// Publishes 24 MiB in the room `large`, with a client of that room: as one message, since a response has at most a few
/// hundred kilobytes of smaller ones.
inline void fill_large_room(room_client& client) {
    client.publish(std::string(large_room_size, 'x'));
}

class unread_response {
  public:
    /// Requests the room's history and reads only the first bytes of the response, so that the server is blocked
    /// writing.
    explicit unread_response(endpoint const& where) : client_{where, 65536} {
        client_.send(get("/room/large/messages?limit=1000"));
        static_cast<void>(client_.raw().read_some(taken_, default_timeout));
    }

    /// Reads the rest and returns the total number of bytes.
    std::size_t read_rest() {
        while (client_.raw().read_some(taken_, default_timeout) == read_outcome::data) {
        }
        return taken_.size();
    }

  private:
    http_client client_;
    std::string taken_;
};

}  // namespace anteroom::integration
