// Two connected streams on one shard, over a socket pair or in memory, of which the same is expected.
#pragma once

#include "loop.hpp"
#include <anteroom/net/socket_stream.hpp>
#include <anteroom/net/stream_operations.hpp>
#include <anteroom/net/test_stream.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <sys/socket.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom::unit {

enum class transport { sockets, memory };

struct stream_pair {
    explicit stream_pair(transport over) {
        if (over == transport::sockets) {
            int both[2];
            REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both) == 0);
            near = std::make_unique<net::socket_stream>(home.io(), net::descriptor(both[0]));
            far = std::make_unique<net::socket_stream>(home.io(), net::descriptor(both[1]));
        } else {
            auto first = std::make_unique<net::test_stream>(home.io());
            far = std::make_unique<net::test_stream>(home.io(), *first);
            near = std::move(first);
        }
        run();  // the first reports
    }
    ~stream_pair() {
        near.reset();
        far.reset();
        run_ready(home);
    }

    void run() { REQUIRE(run_ready(home)); }

    shard home{0};
    std::unique_ptr<net::stream> near, far;
};

/// What one read has got: bytes, or why there were none.
inline std::string read_from(net::stream& from, net::error_code& ec, std::size_t most = 64) {
    std::string bytes(most, '\0');
    bytes.resize(from.read_some(asio::buffer(bytes), ec));
    return bytes;
}

inline std::size_t write_to(net::stream& to, std::string_view text, net::error_code& ec) {
    asio::const_buffer const all(text.data(), text.size());
    return to.write_some({&all, 1}, ec);
}

inline void write_all(net::stream& to, std::string_view text) {
    net::error_code ec;
    REQUIRE(write_to(to, text, ec) == text.size());
    REQUIRE_FALSE(ec);
}

/// Writes until the stream takes nothing more.
inline std::size_t fill(net::stream& to) {
    std::string const bytes(64 * 1024, 'x');
    std::size_t sum = 0;
    for (;;) {
        net::error_code ec;
        auto const sent = write_to(to, bytes, ec);
        REQUIRE_FALSE(ec);
        sum += sent;
        if (sent == 0)
            return sum;
    }
}

/// Reads until that would block.
inline std::size_t drain(net::stream& from) {
    std::size_t sum = 0;
    for (net::error_code ec; !ec;)
        sum += read_from(from, ec, 64 * 1024).size();
    return sum;
}

/// Keeps what an operation has completed with.
using result = std::optional<net::error_code>;
inline auto keep_in(result& where) {
    return [&where](net::error_code ec) {
        CHECK_FALSE(where);
        where = ec;
    };
}

}  // namespace anteroom::unit
