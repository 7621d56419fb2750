// A client: a set of rooms, a cursor as text, the only thing that it keeps, and its account of every room in it.
#pragma once

#include "ledger.hpp"
#include <anteroom/room/channel.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace anteroom::simulation {

/// Names that have to be encoded in a cursor, and names that have not.
std::string room_name(std::size_t room);

enum class form { raw, json, ndjson, sse };

/// What comes to a client in one piece: the answer to a poll, or an event of a stream.
struct piece {
    std::vector<std::pair<std::size_t, gap>> gaps;  // by room
    std::vector<std::pair<std::size_t, message_ptr>> messages;
    std::optional<std::string> next;  // without it, the id of the message is the client's place in that room
};

enum class interruption { none, timed_out, hung_up, draining };

class client {
  public:
    explicit client(std::size_t on_shard) : shard(on_shard) {}

    /// The cursor as it is sent with a request, if there is one.
    std::optional<std::string> after() const;
    /// Throws broken_promise.
    void receive(piece const& what);
    /// Follows from another place; without one, from now on.
    void move(std::optional<std::string> to);
    std::map<std::size_t, ledger> const& accounts() const noexcept { return accounts_; }

    // What it asks for; changes only between requests.
    std::vector<std::size_t> rooms;
    form as = form::raw;
    bool several = true;  // in the form for several rooms, even where it is one
    std::size_t limit = 1;

    // The request under way.
    std::size_t shard;
    bool asking = false;
    std::vector<cursor> waits_at;  // where the server waits for more, room by room; empty while it does not
    interruption interrupted = interruption::none;
    asio::cancellation_signal cancel;
    std::deque<piece> wire;                              // sent, and on its way
    std::size_t window = 1;                              // pieces that the wire takes
    bool cut_off = false;                                // it takes them, and nobody will get them
    std::shared_ptr<channel> taken;                      // signalled when there is room on it
    std::vector<std::pair<std::size_t, cursor>> starts;  // where the server began, in rooms that were not in the cursor

  private:
    ledger& account_of(std::size_t room);

    std::string cursor_;  // of several rooms, or `0`, or nothing
    std::map<std::size_t, ledger> accounts_;
};

}  // namespace anteroom::simulation
