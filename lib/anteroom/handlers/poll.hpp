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

    /// The poll that was kept of the last request, unless another request came than the one that goes on from it.
    static std::unique_ptr<poll> to_continue(std::unique_ptr<http::connection_cache> kept, http::request const& with) noexcept;
    /// Leaves an answered poll to the next request, where one may go on from it.
    static void leave_to_next(http::session& client, std::unique_ptr<poll> answered) noexcept;

    subscription& asked() noexcept { return asked_; }

  private:
    bool goes_on(http::request const& with) const noexcept;
    bool one_goes_on(http::request const& with) const noexcept;
    bool several_go_on(http::request const& with) const noexcept;

    subscription asked_;
};

}  // namespace anteroom
