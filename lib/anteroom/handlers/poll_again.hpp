// Going on from the last poll on a connection: what was found out for that one need not be found out again.
#pragma once

#include <anteroom/handlers/subscription.hpp>

#include <memory>

namespace anteroom {

/// A poll of several rooms that has been answered. A client that polls a hundred rooms asks for the same ones each
/// time, with the cursor that it was given; reading all that anew costs more than everything else together.
class poll_again final : public http::keepsake {
  public:
    /// Takes note of a request, so that what comes of it can be gone on from; nothing where that does not pay.
    static std::unique_ptr<poll_request> note(call const& by, subscription const& of);

    explicit poll_again(subscription&& of) noexcept : asked_(std::move(of)) {}

    /// Whether a request is the same poll, from where the last one ended.
    bool goes_on(http::request const& with) const noexcept;

    subscription& asked() noexcept { return asked_; }

  private:
    subscription asked_;
};

}  // namespace anteroom
