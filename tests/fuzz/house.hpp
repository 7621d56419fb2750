// The server without sockets: its rooms and endpoints, and connections in memory, in virtual time. Each run of a target
// makes its own, so that an input does the same each time.
#pragma once

#include "input.hpp"
#include <anteroom/base/clock.hpp>
#include <anteroom/handlers/api.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/net/test_stream.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace anteroom::fuzz {

class house {
  public:
    explicit house(api_options with = {}) : app_(rooms_, shards_, page_, std::move(with)) {}
    ~house() {
        sessions_.abort();
        run();
        steady_time_of_test = nullptr;
    }
    house(house const&) = delete;
    house& operator=(house const&) = delete;

    hub& rooms() noexcept { return rooms_; }
    shard& home() noexcept { return home_; }
    http::worker& sessions() noexcept { return sessions_; }

    /// Runs what is ready.
    void run() {
        home_.io().restart();
        home_.io().poll();
    }
    /// Lets time pass, and runs what comes of it.
    void advance(milliseconds time) {
        run();
        now_ += time.count();
        home_.expire_due();
        run();
    }

  private:
    std::int64_t now_ = 1'000'000;
    std::nullptr_t virtual_ = (steady_time_of_test = &now_, nullptr);  // before the shard looks at the clock
    shard home_{0};
    std::array<shard*, 1> shards_{&home_};
    hub rooms_{shards_, {}};
    assets page_{{}};
    api app_;
    http::options options_;
    http::worker sessions_{home_, app_, options_};
};

/// A client's end of a connection.
class connection {
  public:
    explicit connection(house& to) : to_(to), stream_(to.home().io()) {
        http::session::start<net::test_stream>(to.sessions(), to.home().io(), stream_);
        to_.run();
    }
    ~connection() {
        stream_.close();
        to_.run();
    }
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    /// Sends a text in pieces, as far as the server takes it.
    void send(std::string_view text, pieces in) {
        while (!text.empty()) {
            asio::const_buffer const piece(text.data(), in.next(text.size()));
            net::error_code ec;
            auto const taken = stream_.write_some({&piece, 1}, ec);
            text.remove_prefix(taken);
            to_.run();
            receive();
            if (taken == 0)
                return;
        }
    }
    /// All output so far.
    std::string const& receive() {
        std::array<char, 4096> bytes;
        net::error_code ec;
        for (;;) {
            auto const got = stream_.read_some(asio::buffer(bytes), ec);
            output_.append(bytes.data(), got);
            if (got == 0)
                break;
            to_.run();
        }
        closed_ = closed_ || (ec && ec != asio::error::would_block);
        return output_;
    }
    bool is_closed() const noexcept { return closed_; }

  private:
    house& to_;
    net::test_stream stream_;
    std::string output_;
    bool closed_ = false;
};

}  // namespace anteroom::fuzz
