// A cancellation signal that keeps its handler in itself: small handlers in place, others allocated, and use by Asio.
#include "loop.hpp"
#include <anteroom/base/embedded_signal.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <memory>
#include <optional>

using namespace anteroom;
using cancellation = asio::cancellation_type;

static_assert(sizeof(embedded_signal) == 2 * sizeof(void*));

TEST_CASE("a signal calls the handler of its slot each time it is emitted") {
    embedded_signal signal;
    embedded_signal::slot slot(signal);
    CHECK(slot.is_connected());
    CHECK_FALSE(slot.has_handler());
    signal.emit(cancellation::terminal);  // nothing to call
    auto seen = cancellation::none;
    slot.assign([&seen](cancellation type) { seen = type; });
    CHECK(slot.has_handler());
    signal.emit(cancellation::partial);
    CHECK(seen == cancellation::partial);
    signal.emit(cancellation::total);
    CHECK(seen == cancellation::total);
    slot.clear();
    signal.emit(cancellation::terminal);
    CHECK(seen == cancellation::total);
}

TEST_CASE("a slot that refers to no signal is not connected") {
    embedded_signal::slot none;
    CHECK_FALSE(none.is_connected());
    CHECK_FALSE(none.has_handler());
    none.clear();
    embedded_signal signal;
    CHECK(none != embedded_signal::slot(signal));
    CHECK(embedded_signal::slot(signal) == embedded_signal::slot(signal));
}

TEST_CASE("a handler that does not fit is owned until it is replaced, cleared, or its signal ends") {
    auto const owned = std::make_shared<int>(0);
    std::optional<embedded_signal> signal(std::in_place);
    embedded_signal::slot slot(*signal);
    auto const handler = [owned, large = std::array<char, 100>{1}](cancellation) { *owned += large.front(); };
    slot.assign(handler);
    signal->emit(cancellation::terminal);
    CHECK(*owned == 1);
    auto const with_handler = owned.use_count();
    SECTION("replaced") {
        slot.assign([](cancellation) {});
    }
    SECTION("cleared") {
        slot.clear();
    }
    SECTION("its signal ends") {
        signal.reset();
    }
    CHECK(owned.use_count() == with_handler - 1);
}

TEST_CASE("a handler may clear and replace itself while it is called") {
    embedded_signal signal;
    struct context {
        embedded_signal& of;
        int first = 0;
        int second = 0;
    } in{signal};
    embedded_signal::slot(signal).assign([&in](cancellation) {
        embedded_signal::slot slot(in.of);
        slot.clear();
        slot.assign([&in](cancellation) { ++in.second; });
        ++in.first;
    });
    signal.emit(cancellation::terminal);
    CHECK(in.first == 1);
    CHECK(in.second == 0);
    signal.emit(cancellation::terminal);
    CHECK(in.first == 1);
    CHECK(in.second == 1);
}

TEST_CASE("Asio's own operations are cancelled by it") {
    shard home(0);
    embedded_signal signal;
    asio::steady_timer timer(home.io(), std::chrono::hours(1));
    boost::system::error_code ended;
    timer.async_wait(
        asio::bind_cancellation_slot(embedded_signal::slot(signal), [&](boost::system::error_code ec) { ended = ec; }));
    CHECK(embedded_signal::slot(signal).has_handler());
    signal.emit(cancellation::terminal);
    home.run();
    CHECK(ended == asio::error::operation_aborted);
}
