#include "serve.hpp"

#include "descriptor_limit.hpp"
#include "embedded_files.hpp"
#include <anteroom/base/log.hpp>
#include <anteroom/base/spawn.hpp>
#include <anteroom/handlers/api.hpp>
#include <anteroom/http/server.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <utility>

namespace anteroom {

namespace {

/// Runs work periodically on a shard.
template <class Work>
class periodic_task final : deadline {
  public:
    periodic_task(shard& on, milliseconds period, Work work) : on_(on), period_(period), work_(std::move(work)) {
        schedule();
    }

  private:
    void expire() override {
        try {
            work_();
        } catch (...) {  // there is no memory for it now
            log_escaped_exception("a periodic task");
        }
        schedule();
    }
    void schedule() { on_.expires_after(*this, period_); }

    shard& on_;
    milliseconds period_;
    Work work_;
};

constexpr milliseconds presence_period{250};

}  // namespace

int serve(settings const& with) {
    log::configure(with.log_level, with.log_format);
    raise_descriptor_limit();
    // What would end or stop the server without a drain: a log pipe without a reader, a log file or a terminal that
    // takes no more, and signals that mean nothing here. (SIGHUP is the server's own, once there is one.)
    for (int const number : {SIGPIPE, SIGXFSZ, SIGTTOU, SIGHUP, SIGUSR1, SIGUSR2})
        std::signal(number, SIG_IGN);

    http::server server(with.threads);
    std::vector<std::string> urls;
    try {
        for (auto const& address : with.listen)
            urls.push_back(server.listen(address, net::peer_timeouts{with.http.write_timeout, with.api.keep_alive}));
    } catch (std::system_error const& error) {
        fmt::print(stderr, "anteroom: {}\n", error.what());
        return 2;
    }

    hub rooms(server.shards(), with.hub);
    assets const page(embedded_files(), with.web);
    api service(rooms, server.shards(), page, with.api);
    auto& first = *server.shards().front();
    periodic_task const history_sweep(
        first, std::clamp<milliseconds>(with.hub.history.age / 2, milliseconds(100), std::chrono::seconds(5)),
        [&rooms] { rooms.sweep(); });
    periodic_task const presence_sweep(first, presence_period, [&] { service.sweep(first); });

    for (auto const& url : urls)
        fmt::print("anteroom {} listening on {}\n", ANTEROOM_VERSION, url);
    std::fflush(stdout);
    log::start_queue();
    server.run(service, with.http, with.drain_timeout);
    log::finish(std::chrono::seconds(1));
    return 0;
}

}  // namespace anteroom
