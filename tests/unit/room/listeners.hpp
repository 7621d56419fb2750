// A channel on one shard, and waiters on it: each counts how its waits end.
#pragma once

#include "loop.hpp"
#include <anteroom/room/channel.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <array>
#include <functional>
#include <memory>

namespace anteroom::unit {

struct one_shard {
    std::size_t signal(wake_up how = wake_up::in_place) { return changes->signal(home, changes, how); }
    bool run(std::size_t most = 1'000'000) { return run_ready(home, most); }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    std::shared_ptr<channel> changes = std::make_shared<channel>(shards);
};

/// A waiter whose wait can be cancelled.
struct listener {
    void wait(one_shard& at, channel::ticket seen) {
        at.changes->async_wait(at.home, seen,
                               asio::bind_cancellation_slot(cancel.slot(), [this](boost::system::error_code how) {
                                   ++(!how ? signalled : cancelled);
                                   if (then)
                                       then();
                               }));
    }
    void wait(one_shard& at) { wait(at, at.changes->now()); }
    void hang_up(asio::cancellation_type how = asio::cancellation_type::terminal) { cancel.emit(how); }

    int signalled = 0;
    int cancelled = 0;
    asio::cancellation_signal cancel;
    std::function<void()> then;
};

}  // namespace anteroom::unit
