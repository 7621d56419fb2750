#include <anteroom/base/handler_memory.hpp>
#include <anteroom/base/log.hpp>
#include <anteroom/http/server.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/net/acceptor.hpp>
#include <anteroom/net/socket_stream.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

namespace anteroom::http {

namespace {

// How long the process waits at its end for whoever reads the log.
constexpr milliseconds log_patience{200};

// Each of these is posted once for each lane.
constexpr std::size_t to_freeze = 0;
constexpr std::size_t has_frozen = 1;
constexpr std::size_t to_drain = 2;
constexpr std::size_t to_abort = 3;
constexpr std::size_t has_ended = 4;
constexpr std::size_t purposes = 5;

}  // namespace

/// What the beginning and the end of a drain are queued in, so that a lack of memory keeps no server from ending.
struct server::memory {
    static constexpr std::size_t size = 192;
    using piece = handler_memory<size>;
    using lane_pieces = std::array<piece, purposes>;

    static auto in(piece& where) noexcept { return handler_allocator<void, size>(where); }

    piece drain_signal;
    piece end_signal;
    piece reload_signal;
    piece deadline;
    std::vector<std::unique_ptr<lane_pieces>> lanes;
};

/// The part of the server that runs on one shard.
struct server::lane final : net::connection_sink {
    lane(server& of, shard& at, service& application, options const& with)
        : whole(of), home(at), work(at.io().get_executor()), sessions(at, application, with, of.shards_.size()) {}

    void accepted(net::descriptor socket) override {
        session::start<net::socket_stream>(sessions, home.io(), std::move(socket));
    }

    // All of these on the shard's thread.
    void start() {
        for (auto& each : acceptors)
            each->start();
    }
    void freeze() {
        sessions.freeze();
        post_to_first(has_frozen, &server::lane_frozen);
    }
    void drain() {
        for (auto& each : acceptors)
            each->stop();
        sessions.drain();
        sessions.on_empty([](void* self) { static_cast<lane*>(self)->end(); }, this);
    }
    void end() {
        work.reset();
        home.retire();
        post_to_first(has_ended, &server::lane_ended);
    }
    void abort() { sessions.abort(); }
    void post_to_first(std::size_t purpose, void (server::*what)()) {
        asio::post(whole.first().io(), asio::bind_allocator(memory::in((*whole.memory_->lanes[home.index()])[purpose]),
                                                            [&all = whole, what] { (all.*what)(); }));
    }

    server& whole;
    shard& home;
    asio::executor_work_guard<executor> work;
    worker sessions;
    std::vector<std::unique_ptr<net::acceptor>> acceptors;
};

server::server(std::size_t shard_count) : memory_(std::make_unique<memory>()) {
    for (std::size_t i = 0; i < shard_count; ++i) {
        shards_.push_back(std::make_unique<shard>(i));
        shard_pointers_.push_back(shards_.back().get());
        memory_->lanes.push_back(std::make_unique<memory::lane_pieces>());
    }
    signals_.emplace(first().get_executor());
    signals_->add(SIGTERM);
    signals_->add(SIGINT);
    reload_signals_.emplace(first().get_executor());
    reload_signals_->add(SIGHUP);
    drain_deadline_.emplace(first().get_executor());
}

server::~server() = default;

std::string server::listen(net::address at, std::optional<net::peer_timeouts> timeouts) {
    listeners_.emplace_back(std::move(at), shards_.size(), timeouts);
    return added_listener();
}

std::string server::listen(net::descriptor passed, std::optional<net::peer_timeouts> timeouts) {
    listeners_.emplace_back(std::move(passed), shards_.size(), timeouts);
    return added_listener();
}

// Its URL.
std::string server::added_listener() const {
    auto const& made = listeners_.back();
    return made.is_unix() ? made.local() : fmt::format("http://{}/", made.local());
}

void server::post_to_lanes(std::size_t purpose, void (lane::*what)()) {
    for (auto& each : lanes_)
        asio::post(each->home.io(), asio::bind_allocator(memory::in((*memory_->lanes[each->home.index()])[purpose]),
                                                         [&lane = *each, what] { (lane.*what)(); }));
}

void server::lane_frozen() {
    if (--lanes_to_freeze_ == 0)
        post_to_lanes(to_drain, &lane::drain);
}

// Shard 0 keeps running until the last of the others has ended.
void server::lane_ended() {
    if (--lanes_left_ > 0)
        return;
    signals_->cancel();
    reload_signals_->cancel();
    drain_deadline_->cancel();
}

void server::await_drain(milliseconds drain_timeout) {
    signals_->async_wait(asio::bind_allocator(
        memory::in(memory_->drain_signal), [this, drain_timeout](boost::system::error_code ec, int) {
            if (ec)
                return;
            enter(phase::draining);
            post_to_lanes(to_freeze, &lane::freeze);
            log::info("shutting down: answering waiting polls and finishing responses in progress");
            signals_->async_wait(
                asio::bind_allocator(memory::in(memory_->end_signal), [](boost::system::error_code again, int number) {
                    if (again)
                        return;
                    log::flush(log_patience);
                    std::_Exit(128 + number);
                }));
            drain_deadline_->expires_after(drain_timeout);
            drain_deadline_->async_wait(
                asio::bind_allocator(memory::in(memory_->deadline), [this](boost::system::error_code late) {
                    if (late)
                        return;
                    log::warning("drain timeout: closing the remaining connections");
                    post_to_lanes(to_abort, &lane::abort);
                }));
        }));
}

void server::await_reload() {
    reload_signals_->async_wait(
        asio::bind_allocator(memory::in(memory_->reload_signal), [this](boost::system::error_code ec, int) {
            if (ec)
                return;
            log::info("SIGHUP: there is nothing to reload");
            await_reload();
        }));
}

void server::run(service& application, options const& with, milliseconds drain_timeout) {
    lanes_left_ = lanes_to_freeze_ = shards_.size();
    for (auto& each : shards_) {
        auto& made = *lanes_.emplace_back(std::make_unique<lane>(*this, *each, application, with));
        for (auto& place : listeners_)
            made.acceptors.push_back(std::make_unique<net::acceptor>(*each, place.take(each->index()), made));
        asio::post(each->io(), [&made] { made.start(); });
    }
    await_drain(drain_timeout);
    await_reload();

    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < shards_.size(); ++i)
        threads.emplace_back([&shard = *shards_[i]] { shard.run(); });
    // Each shard has its thread, or will: nothing that could fail is left.
    enter(phase::serving);
    first().run();
    for (auto& each : threads)
        each.join();
}

}  // namespace anteroom::http
