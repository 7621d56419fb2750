#include <anteroom/bench/observer.hpp>

#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace anteroom::bench {

namespace {

constexpr std::uint64_t between_draws = 100'000'000;
constexpr double samples_wanted = 150;
constexpr double shortest_span = 0.05;

std::uint64_t own_cpu_ns() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const in_ns = [](timeval const& time) {
        return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
               static_cast<std::uint64_t>(time.tv_usec) * 1'000;
    };
    return in_ns(usage.ru_utime) + in_ns(usage.ru_stime);
}

}  // namespace

observer::observer(load_options const& options)
    : options_(options), server_(options.pids), bar_(options.warm_up + options.seconds), begun_(now_ns()) {}

void observer::start(std::uint64_t deliveries, std::uint64_t published) {
    phase("measure");
    deliveries_ = deliveries;
    published_ = published;
    own_before_ = own_cpu_ns();
    before_ = server_.sample();
    start_ = now_ns();
    auto const span = std::max(options_.seconds / samples_wanted, shortest_span);
    line_.emplace(server_, start_, static_cast<std::uint64_t>(span * 1e9));
}

void observer::update(std::uint64_t deliveries, std::uint64_t published) {
    auto const now = now_ns();
    if (line_)
        line_->update(now, deliveries - deliveries_, published - published_);
    if (!bar_.shown() || now - shown_ < between_draws)
        return;
    auto const seconds = static_cast<double>(now - std::exchange(shown_, now)) / 1e9;
    auto const rate = [&](std::uint64_t& before, std::uint64_t total) {
        return static_cast<double>(total - std::exchange(before, total)) / seconds;
    };
    auto const delivered = rate(shown_deliveries_, deliveries);
    auto const said = rate(shown_published_, published);
    bar_.show(static_cast<double>(now - begun_) / 1e9, phase_,
              fmt::format("{:.0f} {}/s, {:.0f} messages/s", delivered,
                          options_.mode == load_mode::storm ? "connections" : "deliveries", said));
}

void observer::stop(load_result& result, std::uint64_t deliveries, std::uint64_t published) {
    result.seconds = static_cast<double>(now_ns() - start_) / 1e9;
    result.server = server_.sample() - before_;
    result.generator_cpu_ns = own_cpu_ns() - own_before_;
    result.deliveries = deliveries - deliveries_;
    result.messages = published - published_;
    result.private_bytes = server_.private_bytes();
    if (line_)
        result.samples = line_->samples();
    line_.reset();
    phase("check");
}

}  // namespace anteroom::bench
