#include "serve.hpp"

#include <anteroom/base/log.hpp>
#include <anteroom/handlers/api.hpp>
#include <anteroom/http/server.hpp>

#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace anteroom {

namespace {

// A waiting subscriber is a descriptor, and what a shell allows is meant for shells.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// Has a hub forget what nobody uses, every now and then, on a shard.
class sweeper final : deadline {
  public:
    sweeper(hub& rooms, shard& on, milliseconds period) : rooms_(rooms), on_(on), period_(period) { again(); }

  private:
    void expire() override {
        rooms_.sweep();
        again();
    }
    void again() { on_.expires_after(*this, period_); }

    hub& rooms_;
    shard& on_;
    milliseconds period_;
};

}  // namespace

int serve(settings const& with) {
    log::configure(with.log_level, with.log_format);
    raise_descriptor_limit();
    // A log that nobody reads any more is no reason to end.
    std::signal(SIGPIPE, SIG_IGN);

    http::server server(with.threads);
    std::vector<std::string> urls;
    try {
        for (auto const& address : with.listen)
            urls.push_back(server.listen(address));
    } catch (std::system_error const& error) {
        fmt::print(stderr, "anteroom: {}\n", error.what());
        return 2;
    }

    hub rooms(server.shards(), with.hub);
    assets const page(with.web);
    api service(rooms, page, with.api);
    sweeper const sweeping(
        rooms, *server.shards().front(),
        std::clamp<milliseconds>(with.hub.history.age / 2, milliseconds(100), std::chrono::seconds(5)));

    for (auto const& url : urls)
        fmt::print("anteroom {} listening on {}\n", ANTEROOM_VERSION, url);
    std::fflush(stdout);
    server.run(service, with.http, with.drain_timeout);
    return 0;
}

}  // namespace anteroom
