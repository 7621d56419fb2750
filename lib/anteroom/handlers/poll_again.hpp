// Going on from the last poll on a connection: what was found out for that one need not be found out again.
#pragma once

#include <anteroom/base/frame_pool.hpp>
#include <anteroom/handlers/subscription.hpp>

#include <cstddef>

namespace anteroom {

/// A poll that has been answered, of a client that asks for the same each time, with the cursor that it was given. To
/// read that anew costs a third of what a poll of one room costs, and nearly all of what one of a hundred does.
class poll_again final : public http::keepsake {
  public:
    /// Takes note of a request, so that what comes of it can be gone on from, where that pays.
    static void note(call const& by, subscription& of);
    /// Whether note() did.
    static bool may_go_on(subscription const& from) noexcept { return from.header_id != 0 || from.request; }

    explicit poll_again(subscription&& of) noexcept : asked_(std::move(of)) {}

    /// Whether a request is the same poll, from where the last one ended.
    bool goes_on(http::request const& with) const noexcept;

    subscription& asked() noexcept { return asked_; }

    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* memory, std::size_t size) noexcept { frame_pool::deallocate(memory, size); }

  private:
    bool one_goes_on(http::request const& with) const noexcept;
    bool several_go_on(http::request const& with) const noexcept;

    subscription asked_;
};

}  // namespace anteroom
