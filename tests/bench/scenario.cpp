#include "scenario.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace anteroom::bench {
namespace {

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t second = 1'000 * millisecond;

std::uint64_t to_ns(double seconds) {
    return static_cast<std::uint64_t>(seconds * 1e9);
}

std::uint64_t own_cpu_ns() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const in_ns = [](timeval const& time) {
        return static_cast<std::uint64_t>(time.tv_sec) * second + static_cast<std::uint64_t>(time.tv_usec) * 1'000;
    };
    return in_ns(usage.ru_utime) + in_ns(usage.ru_stime);
}

// Steps until the time `end`.
void step_until(crowd& all, std::uint64_t end) {
    for (auto now = now_ns(); now < end; now = now_ns()) {
        all.step(std::min(end - now, second));
    }
}

// Steps until the server has done what there was to do: until it sleeps each time we look, and uses less than one
// percent of a CPU. The time alone would not tell: a server that gets no core uses none either.
void settle(crowd& all, process const& server) {
    if (!server.known()) {
        step_until(all, now_ns() + second);
        return;
    }
    for (auto const give_up = now_ns() + 30 * second; now_ns() < give_up;) {
        auto const before = server.cpu_ns();
        bool rest = true;
        for (int look = 0; look < 5; ++look) {
            step_until(all, now_ns() + 20 * millisecond);
            rest = server.at_rest() && rest;
        }
        if (rest && server.cpu_ns() - before < millisecond) {
            return;
        }
    }
}

// Steps until everything published has come everywhere.
void finish(crowd& all) {
    while (!all.complete()) {
        all.step(100 * millisecond);
    }
}

// Takes the difference between two moments of a run.
class meter {
  public:
    meter(process const& server, crowd& all)
        : server_(server),
          all_(all),
          before_(server.sample()),
          own_(own_cpu_ns()),
          start_(now_ns()),
          counts_(all.counts()) {
        all.record_from(start_);
    }

    void stop(load_result& result) const {
        result.server = server_.sample();
        result.seconds = static_cast<double>(now_ns() - start_) / 1e9;
        result.generator_cpu_ns = own_cpu_ns() - own_;
        result.messages = all_.counts().published - counts_.published;
        result.deliveries = all_.counts().deliveries - counts_.deliveries;
        result.server.cpu_ns -= before_.cpu_ns;
        result.server.user_ns -= before_.user_ns;
        result.server.system_ns -= before_.system_ns;
        result.server.voluntary -= before_.voluntary;
        result.server.involuntary -= before_.involuntary;
        result.private_bytes = server_.private_bytes();
    }

  private:
    process const& server_;
    crowd& all_;
    process_sample before_;
    std::uint64_t own_;
    std::uint64_t start_;
    crowd_counts counts_;
};

// So much sent to each fills the sockets of those that do not read.
constexpr std::size_t stalling_bytes = 256 * 1024;

void run_closed(load_options const& options, crowd& all, process const& server, load_result& result) {
    all.repeat(true);
    for (std::size_t room = 0; room < options.rooms; room += options.together) {
        all.publish(room, now_ns());
    }
    step_until(all, now_ns() + to_ns(options.warm_up));
    auto const groups = options.rooms / options.together;
    while (options.stalled != 0 && all.counts().published * options.body_bytes < groups * stalling_bytes) {
        all.step(second);
    }
    meter const spent(server, all);
    step_until(all, now_ns() + to_ns(options.seconds));
    spent.stop(result);
    all.repeat(false);
    finish(all);
}

void run_open(load_options const& options, crowd& all, process const& server, load_result& result) {
    auto const start = now_ns();
    auto const due = [&](std::uint64_t index) {
        return start + to_ns(static_cast<double>(index / options.burst * options.burst) / options.rate);
    };
    std::uint64_t index = 0;
    auto const offer_until = [&](std::uint64_t end) {
        for (; due(index) < end; ++index) {
            while (now_ns() < due(index)) {
                auto const now = now_ns();
                all.step(due(index) > now ? due(index) - now : 0);
            }
            all.publish(index % options.rooms, due(index));
            if (index % 16 == 0) {
                all.step(0);  // a backlog of ours must not keep us from reading
            }
        }
    };
    offer_until(start + to_ns(options.warm_up));
    meter const spent(server, all);
    offer_until(start + to_ns(options.warm_up + options.seconds));
    finish(all);
    spent.stop(result);
}

void run_idle(load_options const& options, crowd& all, process const& server, std::uint64_t before,
              load_result& result) {
    auto const each = [&] {
        auto const more = static_cast<double>(server.private_bytes()) - static_cast<double>(before);
        return more / static_cast<double>(options.rooms / options.together * options.subscribers);
    };
    result.bytes_a_waiter = each();
    meter const spent(server, all);
    for (std::size_t room = 0; room < options.rooms; ++room) {
        all.publish(room, now_ns());
    }
    finish(all);
    settle(all, server);
    result.bytes_a_waiter_served = each();
    spent.stop(result);
}

// Those that did not read do now, and have to get what is published from then on, and what they missed or word of it.
void wake_stalled(load_options const& options, crowd& all) {
    all.record_from(~std::uint64_t{0});
    all.wake();
    for (std::size_t room = 0; room < options.rooms; ++room) {
        all.publish(room, now_ns());
    }
    finish(all);
}

// A few polls and publishes, so that what a server needs once (its code above all) does not count as a subscriber's.
std::uint64_t private_bytes_at_rest(load_options options, process const& server) {
    options.rooms = options.together;
    options.subscribers = 16;
    options.stalled = 0;
    {
        crowd few(options);
        finish(few);
        settle(few, server);
        for (int round = 0; round < 16; ++round) {
            few.publish(0, now_ns());
            finish(few);
        }
    }
    return server.private_bytes();
}

}  // namespace

load_result run_load(load_options const& options) {
    load_result result;
    process const server(options.pid);
    auto const before = options.mode == load_mode::idle ? private_bytes_at_rest(options, server) : 0;
    crowd all(options);
    try {
        finish(all);
        settle(all, server);
        switch (options.mode) {
            case load_mode::closed:
                run_closed(options, all, server, result);
                break;
            case load_mode::open:
                run_open(options, all, server, result);
                break;
            case load_mode::idle:
                run_idle(options, all, server, before, result);
                break;
        }
        result.latencies = all.latencies();
        if (options.stalled != 0) {
            wake_stalled(options, all);
        }
        // A repeat of the last messages would come now.
        step_until(all, now_ns() + 100 * millisecond);
    } catch (std::exception const& error) {
        result.error = error.what();
    }
    result.counts = all.counts();
    result.lost = all.lost();
    return result;
}

}  // namespace anteroom::bench
