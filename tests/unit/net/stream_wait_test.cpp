// Waiting for a stream: what ends a wait, and that nothing does from within a call.
#include "net/stream_pair.hpp"
#include <anteroom/base/spawn.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

using namespace anteroom;
using namespace anteroom::unit;
using wait_type = net::stream::wait_type;

TEST_CASE("a wait to read ends when input comes, and a wait to write when there is room") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    fill(*it.near);
    result read, wrote;
    it.near->async_wait(wait_type::read, keep_in(read));
    it.near->async_wait(wait_type::write, keep_in(wrote));
    it.run();
    CHECK_FALSE(read);
    CHECK_FALSE(wrote);
    write_all(*it.far, "x");
    CHECK_FALSE(read);
    it.run();
    CHECK(read == net::error_code());
    CHECK_FALSE(wrote);
    drain(*it.far);
    CHECK_FALSE(wrote);
    it.run();
    CHECK(wrote == net::error_code());
}

TEST_CASE("a wait for what is there already ends, but not from within the call") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    write_all(*it.far, "x");
    it.run();
    result read, wrote;
    it.near->async_wait(wait_type::read, keep_in(read));
    it.near->async_wait(wait_type::write, keep_in(wrote));
    CHECK_FALSE(read);
    CHECK_FALSE(wrote);
    it.run();
    CHECK(read == net::error_code());
    CHECK(wrote == net::error_code());
}

TEST_CASE("cancel() and close() end both waits, but not from within the call, also such as have just begun") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    bool const close = GENERATE(false, true);
    bool const turned = GENERATE(false, true);
    fill(*it.near);
    result read, wrote;
    it.near->async_wait(wait_type::read, keep_in(read));
    it.near->async_wait(wait_type::write, keep_in(wrote));
    if (turned)
        it.run();
    close ? it.near->close() : it.near->cancel();
    CHECK_FALSE(read);
    CHECK_FALSE(wrote);
    it.run();
    CHECK(read == asio::error::operation_aborted);
    CHECK(wrote == asio::error::operation_aborted);
}

TEST_CASE("a wait for a closed stream is aborted, but not from within the call") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    auto const what = GENERATE(wait_type::read, wait_type::write);
    it.near->close();
    result ended;
    it.near->async_wait(what, keep_in(ended));
    CHECK_FALSE(ended);
    it.run();
    CHECK(ended == asio::error::operation_aborted);
}

TEST_CASE("nothing is lost by a wait that was cancelled") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    result first, second;
    it.near->async_wait(wait_type::read, keep_in(first));
    write_all(*it.far, "x");
    it.near->cancel();
    it.near->async_wait(wait_type::read, keep_in(second));
    it.run();
    CHECK(first == asio::error::operation_aborted);
    CHECK(second == net::error_code());
}

TEST_CASE("a peer that closes ends both waits") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    bool const shutdown_before = GENERATE(false, true);
    fill(*it.near);
    if (shutdown_before) {
        it.far->shutdown_send();
        it.run();
        net::error_code ec;
        read_from(*it.near, ec);
        REQUIRE(ec == asio::error::eof);
    }
    result read, wrote;
    it.near->async_wait(wait_type::read, keep_in(read));
    it.near->async_wait(wait_type::write, keep_in(wrote));
    it.run();
    CHECK_FALSE(wrote);
    it.far->close();
    it.run();
    CHECK(read == net::error_code());
    CHECK(wrote == net::error_code());
}

TEST_CASE("a write that failed needs no wait to fail again") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    it.far->close();
    it.run();
    net::error_code ec;
    write_to(*it.near, "x", ec);
    REQUIRE(ec);
    result wrote;
    it.near->async_wait(wait_type::write, keep_in(wrote));
    it.run();
    CHECK(wrote == net::error_code());
}

TEST_CASE("a signal of any type ends the wait that has its slot, and leaves the slot empty") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    auto const what = GENERATE(wait_type::read, wait_type::write);
    auto const type = GENERATE(asio::cancellation_type::terminal, asio::cancellation_type::partial,
                               asio::cancellation_type::total, asio::cancellation_type::all);
    fill(*it.near);
    asio::cancellation_signal signal;
    result ended;
    it.near->async_wait(what, asio::bind_cancellation_slot(signal.slot(), keep_in(ended)));
    signal.emit(asio::cancellation_type::none);
    it.run();
    CHECK_FALSE(ended);
    signal.emit(type);
    CHECK_FALSE(ended);
    it.run();
    CHECK(ended == asio::error::operation_aborted);
    CHECK_FALSE(signal.slot().has_handler());
}

TEST_CASE("a wait that ends by itself leaves its slot empty") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    asio::cancellation_signal signal;
    result ended;
    it.near->async_wait(wait_type::read, asio::bind_cancellation_slot(signal.slot(), keep_in(ended)));
    CHECK(signal.slot().has_handler());
    write_all(*it.far, "x");
    it.run();
    CHECK(ended == net::error_code());
    CHECK_FALSE(signal.slot().has_handler());
}

TEST_CASE("a coroutine that was cancelled before does not begin to wait") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    asio::cancellation_signal signal;
    bool thrown = false;
    auto const wait = [](net::stream* on, asio::cancellation_signal* by, bool* out) -> awaitable<> {
        co_await asio::post(on->get_executor(), asio::deferred);
        by->emit(asio::cancellation_type::terminal);
        try {
            co_await on->async_wait(wait_type::read);
        } catch (boost::system::system_error const& error) {
            *out = error.code() == asio::error::operation_aborted;
        }
    };
    asio::co_spawn(it.home.get_executor(), wait(it.near.get(), &signal, &thrown),
                   asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr const&) {}));
    it.run();
    CHECK(thrown);
}
