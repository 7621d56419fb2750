// A client: a set of rooms, a cursor as text, which is all the state it keeps, and a ledger for every room in it.
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

/// Names that have to be encoded in a cursor, and names that do not.
std::string room_name(std::size_t room);

enum class form { raw, json, ndjson, sse };

/// A unit of delivery to a client: the response to a poll, or an event of a stream.
struct piece {
    std::vector<std::pair<std::size_t, gap>> gaps;  // by room
    std::vector<std::pair<std::size_t, message_ptr>> messages;
    std::optional<std::string> next;  // if absent, the id of the message is the client's position in that room
};

enum class interruption { none, timed_out, hung_up, draining };

class client {
  public:
    explicit client(std::size_t on_shard) : shard(on_shard) {}

    /// The cursor as sent with a request, if there is one.
    std::optional<std::string> after() const;
    /// Throws broken_promise.
    void receive(piece const& what);
    /// Continues from another cursor; without one, from now on.
    void move(std::optional<std::string> to);
    std::map<std::size_t, ledger> const& accounts() const noexcept { return accounts_; }

    // The parameters of its requests; changed only between requests.
    std::vector<std::size_t> rooms;
    form as = form::raw;
    bool several = true;  // in the form for several rooms, even if there is only one
    std::size_t limit = 1;

    // The request in progress.
    std::size_t shard;
    bool asking = false;
    std::vector<cursor> waits_at;  // where the server waits for more, room by room; empty while it does not
    interruption interrupted = interruption::none;
    asio::cancellation_signal cancel;
    std::deque<piece> wire;                              // sent, and in transit
    std::size_t window = 1;                              // how many pieces the wire accepts
    bool cut_off = false;                                // pieces are accepted, but never received
    std::shared_ptr<channel> taken;                      // signalled when there is space on the wire
    std::vector<std::pair<std::size_t, cursor>> starts;  // where the server began in rooms that were not in the cursor

  private:
    ledger& account_of(std::size_t room);

    std::string cursor_;  // composite, or `0`, or absent
    std::map<std::size_t, ledger> accounts_;
};

}  // namespace anteroom::simulation
