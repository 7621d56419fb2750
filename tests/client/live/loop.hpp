// Runs coroutines of a test on one thread, with a time limit.
#pragma once

#include "../print.hpp"
#include "timing.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch_test_macros.hpp>

#include <exception>

namespace anteroom::live {

namespace asio = boost::asio;

/// Runs a coroutine to completion, together with whatever else was spawned on the same loop; an exception in it fails
/// the test.
inline void run(asio::io_context& io, asio::awaitable<void> what) {
    bool done = false;
    asio::co_spawn(io, std::move(what), [&](std::exception_ptr thrown) {
        done = true;
        io.stop();
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.restart();
    io.run_for(4 * integration::default_timeout);
    REQUIRE(done);
}

inline std::chrono::steady_clock::time_point soon() {
    return std::chrono::steady_clock::now() + integration::default_timeout;
}

}  // namespace anteroom::live
