#include <anteroom/base/log.hpp>
#include <anteroom/http/server.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/net/acceptor.hpp>
#include <anteroom/net/socket_stream.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

namespace anteroom::http {

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
    void drain() {
        for (auto& each : acceptors)
            each->stop();
        sessions.drain();
        sessions.on_empty([](void* self) { static_cast<lane*>(self)->end(); }, this);
    }
    void end() {
        work.reset();
        home.retire();
        asio::post(whole.first().io(), [&all = whole] { all.lane_ended(); });
    }
    void abort() { sessions.abort(); }

    server& whole;
    shard& home;
    asio::executor_work_guard<executor> work;
    worker sessions;
    std::vector<std::unique_ptr<net::acceptor>> acceptors;
};

server::server(std::size_t shard_count) {
    for (std::size_t i = 0; i < shard_count; ++i) {
        shards_.push_back(std::make_unique<shard>(i));
        shard_pointers_.push_back(shards_.back().get());
    }
    signals_.emplace(first().get_executor());
    signals_->add(SIGTERM);
    signals_->add(SIGINT);
    drain_deadline_.emplace(first().get_executor());
}

server::~server() = default;

std::string server::listen(net::address at) {
    auto const& made = listeners_.emplace_back(std::move(at), shards_.size());
    return made.is_unix() ? made.local() : fmt::format("http://{}/", made.local());
}

void server::begin_drain() {
    for (auto& each : lanes_)
        asio::post(each->home.io(), [&lane = *each] { lane.drain(); });
}

// Shard 0 keeps running until the last of the others has ended.
void server::lane_ended() {
    if (--lanes_left_ > 0)
        return;
    signals_->cancel();
    drain_deadline_->cancel();
}

void server::run(service& application, options const& with, milliseconds drain_timeout) {
    lanes_left_ = shards_.size();
    for (auto& each : shards_) {
        auto& made = *lanes_.emplace_back(std::make_unique<lane>(*this, *each, application, with));
        for (auto& place : listeners_)
            made.acceptors.push_back(std::make_unique<net::acceptor>(*each, place.take(each->index()), made));
        asio::post(each->io(), [&made] { made.start(); });
    }

    signals_->async_wait([this, drain_timeout](boost::system::error_code ec, int) {
        if (ec)
            return;
        log::info("shutting down: answering waiting polls and finishing responses in progress");
        begin_drain();
        signals_->async_wait([](boost::system::error_code again, int number) {
            if (!again)
                std::_Exit(128 + number);
        });
        drain_deadline_->expires_after(drain_timeout);
        drain_deadline_->async_wait([this](boost::system::error_code late) {
            if (late)
                return;
            log::warning("drain timeout: closing the remaining connections");
            for (auto& each : lanes_)
                asio::post(each->home.io(), [&lane = *each] { lane.abort(); });
        });
    });

    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < shards_.size(); ++i)
        threads.emplace_back([&shard = *shards_[i]] { shard.run(); });
    first().run();
    for (auto& each : threads)
        each.join();
}

}  // namespace anteroom::http
