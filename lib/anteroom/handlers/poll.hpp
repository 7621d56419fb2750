// A poll, and its continuation by the next poll on the connection, which reuses what was parsed for this one.
#pragma once

#include <anteroom/handlers/subscription.hpp>

#include <cstddef>
#include <memory>

namespace anteroom {

/// The parameters of a poll, kept while it waits and, after it has been answered, until the next request of its
/// connection: a client that repeats its request with the cursor that it was given continues from there. Parsing that
/// anew would cost a third of a poll of one room, and nearly all of a poll of a hundred.
class poll final : public http::connection_cache {
  public:
    poll(call const& by, subscription&& asked);

    /// The poll that was kept from the last request. Throws std::bad_cast if it is not a poll.
    static std::unique_ptr<poll> from(std::unique_ptr<http::connection_cache> kept);
    /// Keeps an answered poll for the next request, if that could continue from it.
    static void keep_for_next(http::session& client, std::unique_ptr<poll> answered) noexcept;

    /// Whether a request is the continuation of this poll.
    bool fits(http::request_line const& next) const noexcept override;

    subscription& asked() noexcept { return asked_; }

  private:
    bool fits_one(http::request_line const& next) const noexcept;
    bool fits_several(http::request_line const& next) const noexcept;

    subscription asked_;
};

}  // namespace anteroom
