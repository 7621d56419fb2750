// async_read_some() and async_write_some(): by themselves, and Asio's composed operations over them.
#include "net/stream_pair.hpp"
#include <anteroom/base/spawn.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/stream_traits.hpp>

using namespace anteroom;
using namespace anteroom::unit;

static_assert(boost::beast::is_async_stream<net::stream>::value);

namespace {

struct outcome {
    result ec;
    std::size_t count = 0;

    auto keep() {
        return [this](net::error_code with, std::size_t of) {
            CHECK_FALSE(ec);
            ec = with;
            count = of;
        };
    }
};

awaitable<> echo_line(net::stream* on) {
    std::string line;
    auto const size = co_await asio::async_read_until(*on, asio::dynamic_buffer(line), '\n', asio::deferred);
    co_await asio::async_write(*on, asio::buffer(line, size), asio::deferred);
}

}  // namespace

TEST_CASE("a read completes with what has come, or when something comes") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    bool const before = GENERATE(false, true);
    std::array<char, 8> into{};
    outcome got;
    if (before) {
        write_all(*it.far, "abc");
        it.run();
    }
    std::array<asio::mutable_buffer, 2> const buffers{asio::mutable_buffer(), asio::buffer(into)};
    it.near->async_read_some(buffers, got.keep());
    CHECK_FALSE(got.ec);
    it.run();
    CHECK(got.ec.has_value() == before);
    if (!before)
        write_all(*it.far, "abc");
    it.run();
    CHECK(got.ec == net::error_code());
    CHECK(std::string_view(into.data(), got.count) == "abc");
}

TEST_CASE("a write completes with what was taken, or when there is room") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    bool const full = GENERATE(false, true);
    auto const filled = full ? fill(*it.near) : 0;
    // Empty pieces, and be there more than one write takes, are nothing to wait for.
    std::vector<asio::const_buffer> pieces(net::stream::max_pieces);
    pieces.push_back(asio::buffer("ab", 2));
    pieces.push_back(asio::buffer("cd", 2));
    outcome got;
    it.near->async_write_some(pieces, got.keep());
    CHECK_FALSE(got.ec);
    it.run();
    CHECK(got.ec.has_value() == !full);
    CHECK(drain(*it.far) == filled + (full ? 0 : 4));
    it.run();
    CHECK(got.ec == net::error_code());
    CHECK(got.count == 4);
}

TEST_CASE("operations of no bytes complete at once, but not from within the call") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    fill(*it.near);
    outcome read, wrote;
    it.near->async_read_some(asio::mutable_buffer(), read.keep());
    it.near->async_write_some(asio::const_buffer(), wrote.keep());
    CHECK_FALSE(read.ec);
    CHECK_FALSE(wrote.ec);
    it.run();
    CHECK(read.ec == net::error_code());
    CHECK(wrote.ec == net::error_code());
    CHECK(read.count + wrote.count == 0);
}

TEST_CASE("operations tell the end of the input, a broken connection and a closed stream") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    std::array<char, 8> into{};
    outcome ended, broken, closed_read, closed_write;
    it.near->async_read_some(asio::buffer(into), ended.keep());
    it.run();
    it.far->close();
    it.near->async_write_some(asio::buffer("x", 1), broken.keep());
    CHECK_FALSE(broken.ec);
    it.run();
    CHECK(ended.ec == asio::error::eof);
    CHECK(broken.ec == asio::error::broken_pipe);
    it.near->close();
    it.near->async_read_some(asio::buffer(into), closed_read.keep());
    it.near->async_write_some(asio::buffer("x", 1), closed_write.keep());
    CHECK_FALSE(closed_read.ec);
    it.run();
    CHECK(closed_read.ec == asio::error::operation_aborted);
    CHECK(closed_write.ec == asio::error::operation_aborted);
}

TEST_CASE("a signal of any type ends an operation that waits, and nothing was transferred") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    auto const type =
        GENERATE(asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total);
    bool const in_strand = GENERATE(false, true);
    auto const filled = fill(*it.near);
    asio::cancellation_signal to_read, to_write;
    std::array<char, 8> into{};
    outcome read, wrote;
    auto const strand = asio::make_strand(it.home.io());
    auto const begin = [&](auto const& ex) {
        it.near->async_read_some(asio::buffer(into),
                                 asio::bind_cancellation_slot(to_read.slot(), asio::bind_executor(ex, read.keep())));
        it.near->async_write_some(asio::buffer("x", 1),
                                  asio::bind_cancellation_slot(to_write.slot(), asio::bind_executor(ex, wrote.keep())));
    };
    in_strand ? begin(strand) : begin(it.home.get_executor());
    to_read.emit(type);
    to_write.emit(type);
    CHECK_FALSE(read.ec);
    it.run();
    CHECK(read.ec == asio::error::operation_aborted);
    CHECK(wrote.ec == asio::error::operation_aborted);
    CHECK(read.count + wrote.count == 0);
    CHECK(drain(*it.far) == filled);
}

TEST_CASE("a signal between the end of an operation's wait and its next try is not lost") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    shard other(1);
    asio::cancellation_signal signal;
    std::array<char, 8> into{};
    outcome got;
    it.near->async_read_some(
        asio::buffer(into),
        asio::bind_cancellation_slot(signal.slot(), asio::bind_executor(other.get_executor(), got.keep())));
    write_all(*it.far, "x");
    it.run();
    CHECK(drain(*it.near) == 1);  // somebody else was faster
    signal.emit(asio::cancellation_type::terminal);
    REQUIRE(run_ready(other));
    it.run();
    CHECK(got.ec == asio::error::operation_aborted);
}

TEST_CASE("composed operations transfer more than a stream takes at once") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    std::string sent(3'000'000, '\0');
    for (std::size_t i = 0; i < sent.size(); ++i)
        sent[i] = static_cast<char>(i % 251);
    std::string got(sent.size(), '\0');
    outcome read, wrote;
    asio::async_write(*it.near, asio::buffer(sent), wrote.keep());
    asio::async_read(*it.far, asio::buffer(got), read.keep());
    it.run();
    CHECK(wrote.ec == net::error_code());
    CHECK(wrote.count == sent.size());
    CHECK(read.ec == net::error_code());
    CHECK(got == sent);
}

TEST_CASE("a coroutine awaits composed operations") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    spawn(it.home.get_executor(), echo_line(it.near.get()), "a test");
    for (auto const* part : {"half a", " line", "\n"}) {
        write_all(*it.far, part);
        it.run();
    }
    net::error_code ec;
    CHECK(read_from(*it.far, ec) == "half a line\n");
}

TEST_CASE("a composed operation ends with its stream") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    bool const here = GENERATE(false, true);
    std::array<char, 8> into{};
    outcome got;
    asio::async_read(*it.near, asio::buffer(into), got.keep());
    write_all(*it.far, "abc");
    it.run();
    here ? it.near->close() : it.far->close();
    it.run();
    CHECK(got.ec == (here ? net::error_code(asio::error::operation_aborted) : net::error_code(asio::error::eof)));
    CHECK(got.count == 3);
}
