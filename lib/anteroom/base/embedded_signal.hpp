// A cancellation signal with the memory for its handler in itself.
#pragma once

#include <boost/asio/cancellation_type.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace anteroom {

/// What asio::cancellation_signal is, except that a handler no larger than a pointer, as that of a wait on a channel,
/// is kept in the signal: Asio's allocates each, at its first wait, in a cache line of its own. Single-threaded. Its
/// slot meets Asio's requirements for a CancellationSlot and is what a handler returns from get_cancellation_slot().
class embedded_signal {
  public:
    embedded_signal() = default;
    embedded_signal(embedded_signal const&) = delete;
    embedded_signal& operator=(embedded_signal const&) = delete;
    ~embedded_signal() { clear(); }

    class slot;

    /// Calls the slot's handler, if there is one. It may clear or replace itself, which destroys what it holds, as with
    /// Asio's signal.
    void emit(boost::asio::cancellation_type type) {
        if (act_ != nullptr)
            act_(*this, action::call, type);
    }

  private:
    enum class action { call, destroy };
    using function = void (*)(embedded_signal&, action, boost::asio::cancellation_type);

    template <class Handler>
    static constexpr bool fits = sizeof(Handler) <= sizeof(void*) && std::is_trivially_copyable_v<Handler>;

    template <class Handler>
    static void act_in_place(embedded_signal& in, action what, boost::asio::cancellation_type type) {
        if (what == action::destroy)
            return;
        Handler copy(*std::launder(reinterpret_cast<Handler*>(in.place_)));
        copy(type);
    }
    template <class Handler>
    static void act_allocated(embedded_signal& in, action what, boost::asio::cancellation_type type) {
        Handler* handler = nullptr;
        std::memcpy(&handler, in.place_, sizeof handler);
        if (what == action::destroy)
            delete handler;
        else
            (*handler)(type);
    }

    void clear() noexcept {
        if (auto* const act = std::exchange(act_, nullptr))
            act(*this, action::destroy, boost::asio::cancellation_type::none);
    }

    function act_ = nullptr;
    alignas(void*) std::byte place_[sizeof(void*)];
};

/// Refers to the signal, which must outlive it.
class embedded_signal::slot {
  public:
    slot() = default;
    explicit slot(embedded_signal& of) noexcept : of_(&of) {}

    bool is_connected() const noexcept { return of_ != nullptr; }
    bool has_handler() const noexcept { return of_ != nullptr && of_->act_ != nullptr; }
    /// Destroys the handler, if there is one.
    void clear() noexcept {
        if (of_ != nullptr)
            of_->clear();
    }

    /// Replaces the handler, `void(cancellation_type)`. Must be connected. Throws if there is no memory for a handler
    /// that does not fit; the slot is empty then.
    template <class Handler>
    std::decay_t<Handler>& assign(Handler&& handler) {
        return emplace<std::decay_t<Handler>>(std::forward<Handler>(handler));
    }
    template <class Handler, class... Arguments>
    Handler& emplace(Arguments&&... arguments) {
        of_->clear();
        if constexpr (fits<Handler>) {
            auto* const made = ::new (static_cast<void*>(of_->place_)) Handler(std::forward<Arguments>(arguments)...);
            of_->act_ = &act_in_place<Handler>;
            return *made;
        } else {
            auto* const made = new Handler(std::forward<Arguments>(arguments)...);
            std::memcpy(of_->place_, &made, sizeof made);
            of_->act_ = &act_allocated<Handler>;
            return *made;
        }
    }

    bool operator==(slot const&) const noexcept = default;

  private:
    embedded_signal* of_ = nullptr;
};

}  // namespace anteroom
