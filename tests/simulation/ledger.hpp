// A client's record of one room: checks, from the responses alone, whether the delivery guarantee was kept.
#pragma once

#include <anteroom/room/history.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace anteroom::simulation {

struct broken_promise : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Received + reported as missed = published, in order, without duplicates, for a client that follows its cursor.
class ledger {
  public:
    /// The client follows from here on; earlier messages are not owed to it.
    void begin(cursor at);

    /// Records what a response contains, in its order. `next` is where the room continues after a gap. Throws
    /// broken_promise.
    void take(gap const& told, cursor next);
    void take(message const& received);
    /// Records the end of a response, with the client's cursor after it. Throws broken_promise.
    void arrive(cursor at);
    /// All three steps, for a response with one room.
    void take(batch const& answer);

    /// The client has caught up: it is at the end of the room, and `published` messages were published since start().
    /// Throws broken_promise.
    void settle(cursor end, std::uint64_t published) const;

    /// The client's present cursor.
    cursor position() const noexcept { return at_; }
    /// The cursor from which on it is owed everything.
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
