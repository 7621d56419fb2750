// The server: shards on threads, listeners, and an orderly end.
#pragma once

#include <anteroom/base/shard.hpp>
#include <anteroom/http/address.hpp>
#include <anteroom/http/listener.hpp>
#include <anteroom/http/service.hpp>
#include <anteroom/http/worker.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace anteroom::http {

class server {
  public:
    /// Makes the shards, which the application is built on; nothing runs yet.
    explicit server(std::size_t shard_count);
    ~server();
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    std::span<shard* const> shards() noexcept { return shard_pointers_; }

    /// Binds an address and returns its URL. Before run(). Throws as listener does.
    std::string listen(address at);

    /// Serves until SIGTERM or SIGINT has come and everything is drained, or `drain_timeout` has passed after it; then
    /// what is left is broken off. A second signal ends the process at once. Shard 0 runs on the calling thread.
    void run(service& application, options const& with, milliseconds drain_timeout);

  private:
    struct lane;

    void begin_drain();

    // Signals and the deadline of the drain have a loop of their own: no crowd on a shard holds them up. They are
    // caught from the start, so that one that comes early is not lost.
    asio::io_context control_{1};
    asio::signal_set signals_{control_};
    std::vector<std::unique_ptr<shard>> shards_;
    std::vector<shard*> shard_pointers_;
    std::vector<listener> listeners_;
    std::vector<std::unique_ptr<lane>> lanes_;
};

}  // namespace anteroom::http
