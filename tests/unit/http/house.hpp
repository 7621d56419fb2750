// Sessions without sockets: a worker on a shard in virtual time, and clients at the other ends of in-memory streams.
#pragma once

#include "virtual_time.hpp"
#include <anteroom/http/session.hpp>
#include <anteroom/http/worker.hpp>
#include <anteroom/net/test_stream.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>
#include <string_view>

namespace anteroom::unit {

/// A client's end of a connection.
class client {
  public:
    /// Connects to a worker, whose session starts at once.
    explicit client(http::worker& to) : shard_(to.shard()), stream_(to.shard().io()) {
        http::session::start<net::test_stream>(to, to.shard().io(), stream_);
    }

    /// Sends a text, which must go whole, and runs what comes of it.
    void send(std::string_view text) {
        write(text);
        run();
    }
    /// Sends without running anything.
    void write(std::string_view text) {
        net::error_code ec;
        asio::const_buffer const piece(text.data(), text.size());
        REQUIRE(stream_.write_some({&piece, 1}, ec) == text.size());
    }
    /// All that has come since the last call.
    std::string receive() {
        run();
        std::string out;
        std::array<char, 16 * 1024> bytes;
        net::error_code ec;
        for (;;) {
            auto const got = stream_.read_some(asio::buffer(bytes), ec);
            out.append(bytes.data(), got);
            if (got == 0)
                break;
            run();
        }
        closed_ = closed_ || ec == asio::error::eof || (ec && ec != asio::error::would_block);
        return out;
    }
    /// Whether the server has closed the connection, or its side; what it sent before is dropped.
    bool is_closed() {
        receive();
        return closed_;
    }
    void hang_up() {
        stream_.close();
        run();
    }
    /// Says that no more will be sent.
    void shut_down() {
        stream_.shutdown_send();
        run();
    }
    /// How much of what the server sends is taken before it is received.
    void limit(std::uint32_t bytes) { stream_.limit_unread(bytes); }
    void run() { REQUIRE(run_ready(shard_)); }

    net::test_stream& stream() noexcept { return stream_; }

  private:
    shard& shard_;
    net::test_stream stream_;
    bool closed_ = false;
};

/// What a worker needs, and its end: sessions that are left are aborted.
template <class Service>
struct house {
    template <class... Arguments>
    explicit house(Arguments&&... to_service) : service(std::forward<Arguments>(to_service)...) {}
    ~house() {
        sessions.abort();
        run_ready(home);
    }
    house(house const&) = delete;
    house& operator=(house const&) = delete;

    void advance(milliseconds time) { time_.advance(home, time); }
    /// Lets time pass and expires what is due, from within a handler: what comes of it runs later.
    void expire_after(milliseconds time) { time_.expire_after(home, time); }
    void run() { REQUIRE(run_ready(home)); }

  private:
    virtual_time time_;

  public:
    shard home{0};
    Service service;
    http::options options;
    http::worker sessions{home, service, options};
};

}  // namespace anteroom::unit
