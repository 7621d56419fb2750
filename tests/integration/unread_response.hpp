// A client that asks for far more than the buffers between it and the server hold, and does not read it.
#pragma once

#include "http_client.hpp"
#include "room_client.hpp"

#include <string>
#include <vector>

namespace anteroom::integration {

/// What a server needs so that `fill_large_room` fits, beside what a test wants of it.
inline std::vector<std::string> large_room_flags(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--max-body", "32M", "--history-bytes", "64M"});
    return more;
}

inline constexpr std::size_t large_room_size = 24 * 1024 * 1024;

/// Publishes 24 MiB in the room `large`, with a client of that room: as one message, since an answer holds no more than
/// a few hundred kilobytes of smaller ones.
inline void fill_large_room(room_client& client) {
    client.publish(std::string(large_room_size, 'x'));
}

class unread_answer {
  public:
    /// Asks for the room's history and takes only the first bytes of the answer, so that the server is writing now.
    explicit unread_answer(endpoint const& where) : client_{where, 65536} {
        client_.send(get("/room/large/messages?limit=1000"));
        static_cast<void>(client_.raw().read_some(taken_, patience));
    }

    /// Reads what can still be read and returns how much that was in all.
    std::size_t take_the_rest() {
        while (client_.raw().read_some(taken_, patience) == read_outcome::data) {
        }
        return taken_.size();
    }

  private:
    http_client client_;
    std::string taken_;
};

}  // namespace anteroom::integration
