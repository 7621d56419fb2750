// What has been received and not yet handed out, and the places that go with it.
#pragma once

#include <anteroom/client/event.hpp>
#include <anteroom/client/subscription_cursor.hpp>

#include <deque>
#include <optional>

namespace anteroom::client {

/// Turns items into batches. It knows two places: up to where everything was received, which is where a new connection
/// goes on, and up to where it was handed out, which is what the user may keep.
class inbox {
  public:
    explicit inbox(places start) : received_(start), handed_out_(std::move(start)) {}

    /// Takes what came; false where it names a room or a cursor that cannot be, and then it and what follows is
    /// dropped.
    bool add(std::vector<item>&& items);

    /// Everything there is, up to a gap that comes after a message; nothing where there is nothing to tell.
    std::optional<batch> next();

    /// Whether a newer subscriber took over, and all that came before it is handed out. Asking forgets it.
    bool take_superseded() noexcept;

    places const& received() const noexcept { return received_; }
    places const& handed_out() const noexcept { return handed_out_; }

  private:
    static bool move_on(places& at, item const& past);

    places received_;
    places handed_out_;
    std::deque<item> items_;
    bool superseded_ = false;
};

}  // namespace anteroom::client
