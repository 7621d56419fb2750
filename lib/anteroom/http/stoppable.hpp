// The completion token of operations that a handler awaits until they are cancelled.
#pragma once

#include <anteroom/base/embedded_signal.hpp>
#include <anteroom/base/handler_memory.hpp>
#include <anteroom/net/wait_slot.hpp>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace anteroom::http {

/// Cancels an operation, and holds the memory for it.
struct stop_source {
    static constexpr std::size_t memory_size = net::wait_slot::memory_size;

    handler_allocator<void, memory_size> allocator() noexcept { return handler_allocator<void, memory_size>(memory); }

    handler_memory<memory_size> memory;
    embedded_signal signal;
};

/// A completion token for operations of `void(error_code)`: deferred, with the memory and the cancellation slot of a
/// stop_source, and without a result, since the reason is known from session::stopped(). It does in one layer, with
/// eight bytes per waiting operation, what bind_allocator(), bind_cancellation_slot() and as_tuple() do in three.
struct stoppable {
    stop_source* by;
};

/// The handler of such an operation.
template <class Handler>
struct stoppable_handler {
    Handler handler;
    stop_source* by;

    void operator()(boost::system::error_code) { std::move(handler)(); }

    using allocator_type = handler_allocator<void, stop_source::memory_size>;
    allocator_type get_allocator() const noexcept { return allocator_type(by->memory); }
    using cancellation_slot_type = embedded_signal::slot;
    cancellation_slot_type get_cancellation_slot() const noexcept { return cancellation_slot_type(by->signal); }
};

}  // namespace anteroom::http

template <>
struct boost::asio::async_result<anteroom::http::stoppable, void(boost::system::error_code)> {
    template <class Initiation, class... Arguments>
    static auto initiate(Initiation&& initiation, anteroom::http::stoppable token, Arguments&&... arguments) {
        return asio::async_initiate<asio::deferred_t const, void()>(
            [by = token.by]<class Handler>(Handler&& handler, auto&& begin, auto&&... with) {
                std::forward<decltype(begin)>(begin)(
                    anteroom::http::stoppable_handler<std::decay_t<Handler>>{std::forward<Handler>(handler), by},
                    std::forward<decltype(with)>(with)...);
            },
            asio::deferred, std::forward<Initiation>(initiation), std::forward<Arguments>(arguments)...);
    }
};

/// Its executor is that of the inner handler.
template <template <class, class> class Associator, class Handler, class Default>
struct boost::asio::associator<Associator, anteroom::http::stoppable_handler<Handler>, Default>
    : Associator<Handler, Default> {
    static auto get(anteroom::http::stoppable_handler<Handler> const& of) noexcept {
        return Associator<Handler, Default>::get(of.handler);
    }
    static auto get(anteroom::http::stoppable_handler<Handler> const& of, Default const& otherwise) noexcept {
        return Associator<Handler, Default>::get(of.handler, otherwise);
    }
};
