// The events that have been received and not yet delivered, and the cursors that go with them.
#pragma once

#include <anteroom/client/event.hpp>
#include <anteroom/client/subscription_cursor.hpp>

#include <deque>
#include <optional>

namespace anteroom::client {

/// Turns events into batches. It keeps two cursors: received(), from which a new connection resumes, and delivered(),
/// which is what the user may store.
class receive_queue {
  public:
    explicit receive_queue(subscription_cursor start) : received_(start), delivered_(std::move(start)) {}

    /// Queues events; false if one names an unknown room or an invalid cursor, and then it and the events after it are
    /// dropped.
    bool add(std::vector<event>&& events);

    /// Removes and returns everything queued, up to a gap that follows a message; nullopt if there is no message and no
    /// gap.
    std::optional<batch> next();

    /// Whether a newer subscriber took over and everything before that has been delivered. Resets the flag.
    bool take_superseded() noexcept;

    subscription_cursor const& received() const noexcept { return received_; }
    subscription_cursor const& delivered() const noexcept { return delivered_; }

  private:
    static bool advance_past(subscription_cursor& at, event const& past);

    subscription_cursor received_;
    subscription_cursor delivered_;
    std::deque<event> events_;
    bool superseded_ = false;
};

}  // namespace anteroom::client
