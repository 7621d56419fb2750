#include "serve.hpp"

#include "descriptor_limit.hpp"
#include "embedded_files.hpp"
#include <anteroom/base/log.hpp>
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

/// Does something every now and then, on a shard.
template <class Work>
class sweeper final : deadline {
  public:
    sweeper(shard& on, milliseconds period, Work work) : on_(on), period_(period), work_(std::move(work)) { again(); }

  private:
    void expire() override {
        work_();
        again();
    }
    void again() { on_.expires_after(*this, period_); }

    shard& on_;
    milliseconds period_;
    Work work_;
};

constexpr milliseconds presence_period{250};

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
    assets const page(embedded_files(), with.web);
    api service(rooms, server.shards(), page, with.api);
    auto& first = *server.shards().front();
    sweeper const forgetting(
        first, std::clamp<milliseconds>(with.hub.history.age / 2, milliseconds(100), std::chrono::seconds(5)),
        [&rooms] { rooms.sweep(); });
    sweeper const leaving(first, presence_period, [&] { service.sweep(first); });

    for (auto const& url : urls)
        fmt::print("anteroom {} listening on {}\n", ANTEROOM_VERSION, url);
    std::fflush(stdout);
    server.run(service, with.http, with.drain_timeout);
    return 0;
}

}  // namespace anteroom
