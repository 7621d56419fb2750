#include "serve.hpp"

#include "descriptor_limit.hpp"
#include "embedded_files.hpp"
#include "heap.hpp"
#include "options.hpp"
#include "service_manager.hpp"
#include <anteroom/base/log.hpp>
#include <anteroom/base/spawn.hpp>
#include <anteroom/handlers/api.hpp>
#include <anteroom/http/server.hpp>
#include <anteroom/net/address.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace anteroom {

namespace {

/// Runs work periodically on a shard, in portions between which others have their turns: `work` is called with how much
/// to do and returns whether more is left.
template <class Work>
class periodic_task final : deadline, portioned_work {
  public:
    periodic_task(shard& on, milliseconds period, Work work) : on_(on), period_(period), work_(std::move(work)) {
        schedule();
    }

  private:
    void expire() override {
        try {
            // Without ownership: the task outlives the shard's loop.
            on_.queue_in_portions(std::shared_ptr<portioned_work>(std::shared_ptr<void>(), this));
        } catch (...) {  // there is no memory for it now
            log_escaped_exception("a periodic task");
            schedule();
        }
    }
    bool run_portion(std::size_t most) override {
        bool more = false;
        try {
            more = work_(most);
        } catch (...) {
            log_escaped_exception("a periodic task");
        }
        if (!more)
            schedule();
        return more;
    }
    void schedule() { on_.expires_after(*this, period_); }

    shard& on_;
    milliseconds period_;
    Work work_;
};

/// A sweep of a hub, as far as it has come.
class history_sweep {
  public:
    explicit history_sweep(hub& of) noexcept : rooms_(of) {}
    bool operator()(std::size_t most) {
        if (left_ == 0)
            left_ = rooms_.room_count();
        rooms_.sweep_some(most);
        left_ -= std::min(left_, most);
        return left_ > 0;
    }

  private:
    hub& rooms_;
    std::size_t left_ = 0;
};

constexpr milliseconds presence_period{250};
// What the end takes beside the drain: closing what is left, and the rest of the log.
constexpr milliseconds after_drain = std::chrono::seconds(5);

bool is_same(net::address const& one, net::address const& other) {
    return one.is_unix() ? one.unix_path == other.unix_path : one.endpoint == other.endpoint;
}

}  // namespace

int serve(settings const& with) {
    log::configure(with.log_level, with.log_format);
    raise_descriptor_limit();
    // What would end or stop the server without a drain: a log pipe without a reader, a log file or a terminal that
    // takes no more, and signals that mean nothing here. (SIGHUP is the server's own, once there is one.)
    for (int const number : {SIGPIPE, SIGXFSZ, SIGTTOU, SIGHUP, SIGUSR1, SIGUSR2})
        std::signal(number, SIG_IGN);

    service_manager const manager;
    http::server server(with.threads);
    std::vector<std::string> urls;
    try {
        net::peer_timeouts const timeouts{with.http.write_timeout, with.api.keep_alive};
        std::vector<net::address> passed;
        for (auto& socket : take_passed_sockets()) {
            if (auto bound = net::bound_address(socket.get()))
                passed.push_back(std::move(*bound));
            urls.push_back(server.listen(std::move(socket), timeouts));
            log::info("the service manager has passed the socket of {}", urls.back());
        }
        for (auto const& address : with.listen) {
            // The same address in a socket unit and in the configuration is one address.
            auto const same = [&](net::address const& other) { return is_same(address, other); };
            if (std::ranges::none_of(passed, same))
                urls.push_back(server.listen(address, timeouts));
        }
        if (urls.empty())
            urls.push_back(server.listen(net::parse_address(default_address).value(), timeouts));
    } catch (std::system_error const& error) {
        fmt::print(stderr, "anteroom: {}\n", error.what());
        return 2;
    }

    hub rooms(server.shards(), with.hub);
    assets const page(embedded_files(), with.web);
    api service(rooms, server.shards(), page, with.api);
    auto& first = *server.shards().front();
    periodic_task const history_task(
        first, std::clamp<milliseconds>(with.hub.history.age / 2, milliseconds(100), std::chrono::seconds(5)),
        history_sweep(rooms));
    periodic_task const presence_task(first, presence_period,
                                      [&](std::size_t most) { return service.sweep(first, most); });
    periodic_task const heap_task(first, give_back_period, [](std::size_t) {
        give_back_memory();
        return false;
    });

    for (auto const& url : urls)
        fmt::print("anteroom {} listening on {}\n", ANTEROOM_VERSION, url);
    std::fflush(stdout);
    auto connections = with.http;
    connections.held_memory = with.hub.memory / 4;
    connections.meter = &rooms.meter();
    log::start_queue();
    auto const status = fmt::format("listening on {}", fmt::join(urls, ", "));
    server.on_phase([&](http::phase now) {
        if (now == http::phase::serving)
            manager.notify_ready(status);
        else
            manager.notify_stopping(with.drain_timeout + after_drain);
    });
    server.run(service, connections, with.drain_timeout);
    log::finish(std::chrono::seconds(1));
    return 0;
}

int serve_command(invocation how) {
    auto const parsed = read_options(how);
    if (auto const* code = std::get_if<int>(&parsed))
        return *code;
    return serve(std::get<settings>(parsed));
}

}  // namespace anteroom
