// A client's account of one room: from the answers alone, whether the promise of the contract was kept.
#pragma once

#include <anteroom/room/history.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace anteroom::simulation {

struct broken_promise : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Received + reported as missed = published, in order, without repeats, for a client that follows its cursor.
class ledger {
  public:
    /// The client follows from here on; nothing is owed to it from before.
    void begin(cursor at);

    /// What an answer has, in its order. `next` is where the room goes on behind a gap. Throws broken_promise.
    void take(gap const& told, cursor next);
    void take(message const& received);
    /// The answer is over, and says that the client is here. Throws broken_promise.
    void arrive(cursor at);
    /// The three of them, for an answer of one room.
    void take(batch const& answer);

    /// The client has caught up: it is where the room ends, and so much was published since start(). Throws
    /// broken_promise.
    void settle(cursor end, std::uint64_t published) const;

    /// Where the client follows from.
    cursor position() const noexcept { return at_; }
    /// From where on it is owed everything.
    cursor start() const noexcept { return start_; }

  private:
    void restart(cursor at) noexcept;
    void bind(std::uint64_t epoch) noexcept;

    cursor at_;
    cursor start_;
    std::uint64_t received_ = 0;
    std::uint64_t missed_ = 0;
};

}  // namespace anteroom::simulation
