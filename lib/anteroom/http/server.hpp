// The server: shards on threads, listeners, and graceful shutdown.
#pragma once

#include <anteroom/base/shard.hpp>
#include <anteroom/http/service.hpp>
#include <anteroom/http/worker.hpp>
#include <anteroom/net/address.hpp>
#include <anteroom/net/descriptor.hpp>
#include <anteroom/net/listener.hpp>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace anteroom::http {

/// What a server that runs is doing.
enum class phase { serving, draining };

class server {
  public:
    /// Creates the shards, which the application is constructed with; nothing runs yet.
    explicit server(std::size_t shard_count);
    ~server();
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    std::span<shard* const> shards() noexcept { return shard_pointers_; }

    /// Binds an address and returns its URL, with the actual port: `http://127.0.0.1:8080/`, or `unix:PATH`. Before
    /// run(). `timeouts` and errors are those of net::listener.
    std::string listen(net::address at, std::optional<net::peer_timeouts> timeouts = std::nullopt);
    /// The same with a socket that was passed to this process and listens already.
    std::string listen(net::descriptor passed, std::optional<net::peer_timeouts> timeouts = std::nullopt);

    /// Has `notify` called when the server begins to serve and when it begins to drain, on the thread of run(). Before
    /// run().
    void on_phase(std::function<void(phase)> notify) { on_phase_ = std::move(notify); }

    /// Serves until SIGTERM or SIGINT arrives and everything is drained, or until `drain_timeout` has passed after the
    /// signal; then the remaining connections are closed. A second signal ends the process immediately, except for what
    /// the log can still write. SIGHUP is logged, since there is nothing to reload. Shard 0 runs on the calling thread,
    /// and handles signals between two of its handlers.
    void run(service& application, options const& with, milliseconds drain_timeout);

  private:
    struct lane;
    struct memory;

    using signal_set = asio::basic_signal_set<executor>;
    using timer =
        asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;

    shard& first() noexcept { return *shards_.front(); }
    std::string added_listener() const;
    void enter(phase now) {
        if (on_phase_)
            on_phase_(now);
    }
    void await_drain(milliseconds drain_timeout);
    void await_reload();
    /// Has a function called on each lane's shard.
    void post_to_lanes(std::size_t purpose, void (lane::*what)());
    void lane_frozen();
    void lane_ended();

    std::unique_ptr<memory> memory_;  // outlives what is queued in it
    std::vector<std::unique_ptr<shard>> shards_;
    std::vector<shard*> shard_pointers_;
    std::vector<net::listener> listeners_;
    std::function<void(phase)> on_phase_;
    std::vector<std::unique_ptr<lane>> lanes_;
    std::size_t lanes_left_ = 0;
    std::size_t lanes_to_freeze_ = 0;

    // Signals are handled on shard 0 and not on a thread of their own: a server of one shard is a single-threaded
    // process, for which the kernel and the C library skip some synchronisation. Even a large fan-out blocks a shard
    // for no longer than one portion of it. Signals are caught from the start, so that an early one is not lost.
    std::optional<signal_set> signals_;
    std::optional<signal_set> reload_signals_;
    std::optional<timer> drain_deadline_;
};

}  // namespace anteroom::http
