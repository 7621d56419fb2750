// A connection whose input never runs dry until it ends: a client that sends faster than it is read.
#pragma once

#include <anteroom/http/session.hpp>
#include <anteroom/net/stream.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace anteroom::unit {

/// Has a head, that of a POST unless given, and after it `whole` bytes to read, in reads that each get all that they
/// have room for.
class endless_stream final : public net::stream {
  public:
    static constexpr std::size_t turn = 64;  // the reads after which a session yields
    static constexpr std::size_t whole = std::size_t{4} * turn * 32 * 1024;

    /// What is asked of it, and what came of it; must outlive the stream.
    struct script {
        std::function<void()>
            on_turn;  // posted by the read before which a session yields, so that it comes in that yield
        std::size_t ends_after = whole;  // of the body, then nothing more comes
        std::string head = "POST /endless HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(whole) + "\r\n\r\n";
        char fill = 'x';
        std::size_t reads = 0;
        std::string written;
        bool closed = false;
    };

    static void start(http::worker& at, script& with) {
        http::session::start<endless_stream>(at, at.shard().io(), with);
    }

    endless_stream(asio::io_context& io, script& with) : io_(io), with_(with) {
        asio::post(io_, [this] { ready({.readable = true, .writable = true, .hung_up = false}); });
    }
    ~endless_stream() override { with_.closed = true; }

    executor_type get_executor() const noexcept override { return io_.get_executor(); }
    bool others_wait() const noexcept override { return false; }
    bool is_open() const noexcept override { return !with_.closed; }
    void shutdown_send() noexcept override {}

  private:
    std::size_t do_read(asio::mutable_buffer into, net::error_code& ec) override {
        if (++with_.reads == turn && with_.on_turn)
            asio::post(io_, with_.on_turn);
        auto const size = std::min(into.size(), with_.head.size() + with_.ends_after - sent_);
        if (size == 0)
            ec = asio::error::would_block;
        auto const of_head = std::min(size, with_.head.size() - std::min(with_.head.size(), sent_));
        std::memcpy(into.data(), with_.head.data() + std::min(with_.head.size(), sent_), of_head);
        std::memset(static_cast<char*>(into.data()) + of_head, with_.fill, size - of_head);
        sent_ += size;
        return size;
    }
    std::size_t do_write(std::span<asio::const_buffer const> from, std::size_t size, net::error_code& ec) override {
        if (with_.closed) {
            ec = asio::error::broken_pipe;
            return 0;
        }
        for (auto const& each : from)
            with_.written.append(static_cast<char const*>(each.data()), each.size());
        return size;
    }
    void do_close() noexcept override { with_.closed = true; }

    asio::io_context& io_;
    script& with_;
    std::size_t sent_ = 0;
};

}  // namespace anteroom::unit
