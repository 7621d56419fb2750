// Handlers that wait: for a gate, until they are stopped or not.
#pragma once

#include "http/gate.hpp"
#include "http/scripted.hpp"

#include <string>
#include <utility>

namespace anteroom::unit {

/// Waits for what nothing stops, and answers with the target.
inline awaitable<> wait_then_echo(http::session& to, http::request_ptr asked, gate& until) {
    co_await until.async_wait();
    to.send(http::json_response(200, std::string(asked->target)));
}

/// Waits until it is stopped or the gate is opened, notes why, and answers unless the client is gone.
inline awaitable<> wait_stoppable(http::session& to, http::request_ptr asked, gate& until, http::stop_reason& why) {
    to.stop_after(std::chrono::seconds(20));
    if (to.stopped() == http::stop_reason::none)
        co_await until.async_wait(to.stoppable());
    why = to.stopped();
    if (why != http::stop_reason::hung_up)
        to.send(http::json_response(200, std::string(asked->target)));
}

}  // namespace anteroom::unit
