// Storage for the one handler that waits for an event, without an allocation if the handler is small.
#pragma once

#include <anteroom/base/awaitable.hpp>
#include <anteroom/base/handler_memory.hpp>
#include <anteroom/base/posted_completion.hpp>
#include <anteroom/base/prefetch.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace anteroom::net {

/// Holds the completion handler, `void(error_code)`, of an operation that may be pending. A handler with the slot's own
/// executor and no larger than that of a waiting coroutine (16 bytes) is stored in place, by its own type; any other is
/// allocated with its associated allocator, and has outstanding work on its executor. Cancellation of any type posts
/// the completion with `operation_aborted`. A handler that is kept in place is posted in the memory of the slot's
/// owner, if it has any, so that no lack of memory keeps an operation from ending. Single-threaded; must outlive the
/// operation, otherwise it destroys the handler without calling it, and the signal of its cancellation slot must not be
/// emitted any more.
class wait_slot {
  public:
    static constexpr std::size_t memory_size = 72;
    using memory = handler_memory<memory_size>;

    wait_slot() = default;
    wait_slot(wait_slot const&) = delete;
    wait_slot& operator=(wait_slot const&) = delete;
    ~wait_slot() {
        if (call_ != nullptr)
            call_(*this, action::drop, {}, nullptr, nullptr);
    }

    /// Whether an operation is pending.
    explicit operator bool() const noexcept { return call_ != nullptr; }

    /// Starts an operation whose handler may be called on `here`. None may be pending.
    template <class Handler>
    void begin(Handler&& handler, executor const& here);
    /// Completes the operation: calls the handler in place if `here` is its executor, and dispatches it otherwise. The
    /// owner of the slot may have been destroyed when this returns.
    void complete(boost::system::error_code ec, executor const& here) {
        call_(*this, action::complete, ec, &here, nullptr);
    }
    /// Completes the operation, but not from within this call.
    void post(boost::system::error_code ec, executor const& here, memory* in = nullptr) {
        call_(*this, action::post, ec, &here, in);
    }

    /// A hint that the handler is about to be called: prefetches the first object that it refers to (a coroutine's
    /// frame).
    void prefetch_handler() const noexcept {
        constexpr std::size_t frame_size = 256;  // approximately
        void* refers_to = nullptr;
        if (call_ != nullptr)
            std::memcpy(static_cast<void*>(&refers_to), place_, sizeof refers_to);
        prefetch(refers_to, frame_size);
    }

  private:
    enum class action { complete, post, drop };
    using function = void (*)(wait_slot&, action, boost::system::error_code, executor const*, memory*);

    static constexpr std::size_t size = 16;

    template <class Handler>
    struct in_place;
    template <class Handler>
    struct allocated;
    template <class Kept, class Handler>
    void begin_as(Handler&& handler, executor const& here);

    function call_ = nullptr;
    alignas(void*) std::byte place_[size];
};

/// A handler that is stored in the slot itself.
template <class Handler>
struct wait_slot::in_place {
    static constexpr bool fits = sizeof(Handler) <= size && alignof(Handler) <= alignof(void*) &&
                                 std::is_nothrow_move_constructible_v<Handler> &&
                                 std::is_same_v<asio::associated_executor_t<Handler, executor>, executor>;

    template <class Other>
    static void keep(wait_slot& in, Other&& handler, executor const&) {
        ::new (static_cast<void*>(in.place_)) Handler(std::forward<Other>(handler));
    }
    static Handler& handler_in(wait_slot& in) noexcept { return *std::launder(reinterpret_cast<Handler*>(in.place_)); }
    static void call(wait_slot& in, action what, boost::system::error_code ec, executor const* here, memory* space) {
        auto& kept = handler_in(in);
        Handler handler(std::move(kept));
        kept.~Handler();  // NOLINT(bugprone-use-after-move)
        in.call_ = nullptr;
        // Its signal may have been destroyed before.
        if (what == action::drop)
            return;
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.clear();
        if (what == action::complete)
            std::move(handler)(ec);
        else if (space != nullptr)
            asio::post(*here, posted_completion(std::move(handler), ec, handler_allocator<void, memory_size>(*space)));
        else
            asio::post(*here, posted_completion(std::move(handler), ec));
    }
};

/// A handler in allocated memory; the slot has a pointer to it.
template <class Handler>
struct wait_slot::allocated {
    using handler_executor = asio::associated_executor_t<Handler, executor>;
    using allocator =
        typename std::allocator_traits<asio::associated_allocator_t<Handler>>::template rebind_alloc<allocated>;

    Handler handler;
    asio::executor_work_guard<handler_executor> work;

    template <class Other>
    static void keep(wait_slot& in, Other&& given, executor const& here) {
        allocator memory(asio::get_associated_allocator(given));
        auto const at = asio::get_associated_executor(given, here);
        auto* const made = std::allocator_traits<allocator>::allocate(memory, 1);
        ::new (static_cast<void*>(made)) allocated{std::forward<Other>(given), asio::make_work_guard(at)};
        ::new (static_cast<void*>(in.place_)) allocated*(made);
    }
    static Handler& handler_in(wait_slot& in) noexcept { return pointer(in)->handler; }
    static void call(wait_slot& in, action what, boost::system::error_code ec, executor const* here, memory*) {
        auto* const kept = pointer(in);
        Handler handler(std::move(kept->handler));
        auto const work = std::move(kept->work);
        allocator memory(asio::get_associated_allocator(handler));
        kept->~allocated();
        std::allocator_traits<allocator>::deallocate(memory, kept, 1);
        in.call_ = nullptr;
        if (what == action::drop)
            return;
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.clear();
        auto const at = work.get_executor();
        // Posting to the handler's own executor guarantees that nothing completes from within the initiating function.
        if (what == action::complete)
            asio::dispatch(at, asio::append(std::move(handler), ec));
        else
            asio::post(*here, asio::append(asio::bind_executor(at, std::move(handler)), ec));
    }

  private:
    static allocated* pointer(wait_slot& in) noexcept {
        return *std::launder(reinterpret_cast<allocated**>(in.place_));
    }
};

template <class Kept, class Handler>
void wait_slot::begin_as(Handler&& handler, executor const& here) {
    Kept::keep(*this, std::forward<Handler>(handler), here);
    call_ = &Kept::call;
    if (auto slot = asio::get_associated_cancellation_slot(Kept::handler_in(*this)); slot.is_connected()) {
        slot.assign([this, here](asio::cancellation_type type) {
            // Ending the operation clears the slot, and with it what this function holds.
            auto const at = here;  // NOLINT(performance-unnecessary-copy-initialization)
            if (type != asio::cancellation_type::none)
                post(asio::error::operation_aborted, at);
        });
    }
}

template <class Handler>
void wait_slot::begin(Handler&& handler, executor const& here) {
    using type = std::decay_t<Handler>;
    if constexpr (in_place<type>::fits) {
        if (asio::get_associated_executor(handler, here) == here) {
            begin_as<in_place<type>>(std::forward<Handler>(handler), here);
            return;
        }
    }
    begin_as<allocated<type>>(std::forward<Handler>(handler), here);
}

}  // namespace anteroom::net
