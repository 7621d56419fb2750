// An operation that a test completes: what a handler awaits of something outside, such as a journal.
#pragma once

#include <anteroom/base/awaitable.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <iterator>
#include <list>
#include <memory>
#include <type_traits>
#include <utility>

namespace anteroom::unit {

/// Handlers wait at it until it is opened for them, or cancelled. One thread.
class gate {
    using error_code = boost::system::error_code;

  public:
    explicit gate(executor const& home) : home_(home) {}
    gate(gate const&) = delete;
    gate& operator=(gate const&) = delete;

    /// Completes with `void(error_code)` when the gate is opened, by a post; or with `operation_aborted` when it is
    /// cancelled, by any type.
    template <class CompletionToken = asio::deferred_t>
    auto async_wait(CompletionToken&& token = {}) {
        return asio::async_initiate<CompletionToken, void(error_code)>(
            [](auto&& handler, gate* self) { self->begin(std::forward<decltype(handler)>(handler)); }, token, this);
    }

    std::size_t waiters() const noexcept { return waiting_.size(); }

    /// Completes all that waits, in order.
    void open(error_code with = {}) {
        while (!waiting_.empty())
            complete(waiting_.begin(), with);
    }

  private:
    struct waiter {
        virtual ~waiter() = default;
        virtual void complete(error_code with, executor const& home) = 0;
    };
    using waiting = std::list<std::unique_ptr<waiter>>;

    template <class Handler>
    struct waiter_of final : waiter {
        explicit waiter_of(Handler given) : handler(std::move(given)) {}
        ~waiter_of() override { clear_slot(); }
        void complete(error_code with, executor const& home) override {
            clear_slot();
            auto const on = asio::get_associated_executor(handler, home);
            asio::post(on, asio::append(std::move(handler), with));
        }
        void clear_slot() {
            if (slot.is_connected())
                slot.clear();
            slot = {};
        }

        Handler handler;
        asio::associated_cancellation_slot_t<Handler> slot = asio::get_associated_cancellation_slot(handler);
    };

    template <class Handler>
    void begin(Handler&& handler) {
        auto made = std::make_unique<waiter_of<std::decay_t<Handler>>>(std::forward<Handler>(handler));
        auto slot = made->slot;
        waiting_.push_back(std::move(made));
        if (!slot.is_connected())
            return;
        slot.assign([this, at = std::prev(waiting_.end())](asio::cancellation_type) {
            complete(at, asio::error::operation_aborted);
        });
    }
    void complete(waiting::iterator at, error_code with) {
        auto const ended = std::move(*at);
        waiting_.erase(at);
        ended->complete(with, home_);
    }

    executor home_;
    waiting waiting_;
};

}  // namespace anteroom::unit
