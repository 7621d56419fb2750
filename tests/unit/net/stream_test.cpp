// What a stream does without waiting: reads, writes, and what is known of the connection.
#include "net/stream_pair.hpp"

using namespace anteroom;
using namespace anteroom::unit;
using net::stream;

TEST_CASE("what is written to one end of a stream is read from the other") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    std::array<asio::const_buffer, 3> const pieces{asio::buffer("one", 3), asio::const_buffer(),
                                                   asio::buffer("two", 3)};
    net::error_code ec;
    CHECK(it.near->write_some(pieces, ec) == 6);
    CHECK_FALSE(ec);
    CHECK_FALSE(it.far->readable());
    it.run();
    CHECK(it.far->readable());
    CHECK(read_from(*it.far, ec) == "onetwo");
    CHECK_FALSE(ec);
    CHECK_FALSE(it.far->readable());
    CHECK(read_from(*it.far, ec).empty());
    CHECK(ec == asio::error::would_block);
    CHECK_FALSE(it.near->readable());
}

TEST_CASE("many pieces are written in order, and no more of them at once than the most") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    std::string const text(stream::max_pieces + 10, 'x');
    std::vector<asio::const_buffer> pieces;
    std::size_t const each = GENERATE(1, 40);  // bytes: copied together, or not
    std::string const bytes(each, 'y');
    for (std::size_t i = 0; i < text.size(); ++i)
        pieces.emplace_back(i % 2 == 0 ? text.data() : bytes.data(), i % 2 == 0 ? 1 : each);
    net::error_code ec;
    auto const sent = it.near->write_some(pieces, ec);
    CHECK(sent == stream::max_pieces / 2 * (1 + each));
    it.run();
    std::string expected;
    for (std::size_t i = 0; i < stream::max_pieces / 2; ++i)
        expected += "x" + bytes;
    CHECK(read_from(*it.far, ec, 4096) == expected);
}

TEST_CASE("a read that fills its room leaves the stream readable until one finds nothing") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    write_all(*it.near, "abcd");
    it.run();
    net::error_code ec;
    CHECK(read_from(*it.far, ec, 2) == "ab");
    CHECK(it.far->readable());
    CHECK(read_from(*it.far, ec, 2) == "cd");
    CHECK(it.far->readable());
    CHECK(read_from(*it.far, ec, 2).empty());
    CHECK(ec == asio::error::would_block);
    CHECK_FALSE(it.far->readable());
}

TEST_CASE("after the peer's shutdown there is an end of the input, and output still goes") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    write_all(*it.near, "last words");
    it.near->shutdown_send();
    CHECK_FALSE(it.far->peer_closed());
    it.run();
    CHECK(it.far->peer_closed());
    CHECK_FALSE(it.near->peer_closed());
    net::error_code ec;
    CHECK(read_from(*it.far, ec) == "last words");
    for (int i = 0; i < 2; ++i) {
        CHECK(it.far->readable());
        CHECK(read_from(*it.far, ec).empty());
        CHECK(ec == asio::error::eof);
    }
    write_all(*it.far, "heard");
    it.run();
    CHECK(read_from(*it.near, ec) == "heard");
    CHECK(write_to(*it.near, "too late", ec) == 0);
    CHECK(ec == asio::error::broken_pipe);
}

TEST_CASE("what is written to a peer that has closed finds the connection broken") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    it.far->close();
    it.run();
    CHECK(it.near->peer_closed());
    net::error_code ec;
    CHECK(write_to(*it.near, "hello?", ec) == 0);
    CHECK(ec == asio::error::broken_pipe);
    CHECK(read_from(*it.near, ec).empty());
    CHECK(ec == asio::error::eof);
    CHECK(it.near->is_open());
}

TEST_CASE("a stream takes only so much before it is read") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    auto const sent = fill(*it.near);
    CHECK(sent > 0);
    it.run();
    CHECK(drain(*it.far) == sent);
    write_all(*it.near, "more");
}

TEST_CASE("nothing is read into no room, nor written of no bytes, and nothing is learnt from it") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    net::error_code ec = asio::error::would_block;
    CHECK(it.near->read_some({}, ec) == 0);
    CHECK_FALSE(ec);
    CHECK_FALSE(it.near->readable());
    fill(*it.near);
    CHECK(it.near->write_some({}, ec) == 0);
    CHECK(write_to(*it.near, "", ec) == 0);
    CHECK_FALSE(ec);
    result wrote;
    it.near->async_wait(stream::wait_type::write, keep_in(wrote));
    it.run();
    CHECK_FALSE(wrote);  // it is as full as before
    drain(*it.far);
    it.run();
    CHECK(wrote);
}

TEST_CASE("a closed stream reads and writes nothing, and is closed once") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    it.near->close();
    it.near->close();
    CHECK_FALSE(it.near->is_open());
    CHECK_FALSE(it.near->readable());
    net::error_code ec;
    CHECK(read_from(*it.near, ec).empty());
    CHECK(ec == asio::error::bad_descriptor);
    CHECK(write_to(*it.near, "x", ec) == 0);
    CHECK(ec == asio::error::bad_descriptor);
}

TEST_CASE("a socket that cannot be watched makes a stream that is closed") {
    shard home(0);
    net::socket_stream none(home.io(), net::descriptor());
    CHECK_FALSE(none.is_open());
}
