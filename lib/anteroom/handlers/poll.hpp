// A poll, and going on from the last one on a connection: what was found out for that one need not be found out again.
#pragma once

#include <anteroom/handlers/subscription.hpp>

#include <cstddef>
#include <memory>

namespace anteroom {

/// What a poll asks for, while it waits and, once it has been answered, until the next request of its connection: a
/// client that asks for the same each time, with the cursor that it was given, goes on from there. To read that anew
/// costs a third of what a poll of one room costs, and nearly all of what one of a hundred does.
class poll final : public http::connection_cache {
  public:
    poll(call const& by, subscription&& asked);

    /// The poll that was kept of the last request. Throws std::bad_cast where it is none.
    static std::unique_ptr<poll> from(std::unique_ptr<http::connection_cache> kept);
    /// Leaves an answered poll to the next request, where one may go on from it.
    static void leave_to_next(http::session& client, std::unique_ptr<poll> answered) noexcept;

    /// Whether a request is the one that continues from here.
    bool fits(http::request_line const& next) const noexcept override;

    subscription& asked() noexcept { return asked_; }

  private:
    bool fits_one(http::request_line const& next) const noexcept;
    bool fits_several(http::request_line const& next) const noexcept;

    subscription asked_;
};

}  // namespace anteroom
