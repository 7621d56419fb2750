// A client's account of one room: from the answers alone, whether the promise of the contract was kept.
#pragma once

#include <anteroom/room/history.hpp>

#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace anteroom::simulation {

struct broken_promise : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Received + reported as missed = published, in order, without repeats, for a client that follows its cursor.
class ledger {
  public:
    /// The client follows from here on; nothing is owed to it from before.
    void begin(cursor at);
    /// An answer has come. Throws broken_promise.
    void take(batch const& answer);
    /// The client has caught up: it is where the room ends, and the account is even. Throws broken_promise.
    void settle(cursor end) const;

    /// Where the client follows from.
    cursor position() const noexcept { return at_; }

  private:
    void take_gap(gap const& told, batch const& answer);

    cursor at_;
    std::uint64_t start_ = 0;  // in the epoch of at_: what is owed is counted from here
    std::uint64_t received_ = 0;
    std::uint64_t missed_ = 0;
    std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
};

}  // namespace anteroom::simulation
