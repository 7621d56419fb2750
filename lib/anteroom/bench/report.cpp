// The result for people.
#include <anteroom/bench/report.hpp>

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <utility>

namespace anteroom::bench {

namespace {

double over(double sum, std::uint64_t count) {
    return count == 0 ? 0 : sum / static_cast<double>(count);
}

double a_second(std::uint64_t count, load_result const& result) {
    return result.seconds <= 0 ? 0 : static_cast<double>(count) / result.seconds;
}

std::string latency_line(histogram const& of) {
    std::string out;
    constexpr std::array<std::pair<std::string_view, double>, 4> shares{
        {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};
    for (auto const& [name, share] : shares)
        out += fmt::format(" {} {:.0f} us,", name, static_cast<double>(of.at(share)) / 1e3);
    return out + fmt::format(" max {:.0f} us", static_cast<double>(of.max()) / 1e3);
}

std::string headline(load_options const& options) {
    if (options.mode == load_mode::publish)
        return fmt::format("publish: {} rooms", options.rooms);
    if (options.mode == load_mode::storm)
        return fmt::format("storm: {} connections at a time", options.subscribers);
    auto out = fmt::format("{}, {}: {} rooms x {} subscribers", name_of(options.mode), name_of(options.transport),
                           options.rooms, options.subscribers);
    if (options.together > 1)
        out += fmt::format(", each of {} rooms at once", options.together);
    if (options.stalled != 0)
        out += fmt::format(", and {} that do not read", options.stalled);
    return out;
}

}  // namespace

std::string_view name_of(load_mode mode) {
    switch (mode) {
        case load_mode::closed:
            return "closed";
        case load_mode::open:
            return "open";
        case load_mode::idle:
            return "idle";
        case load_mode::publish:
            return "publish";
        case load_mode::backlog:
            return "backlog";
        case load_mode::storm:
            break;
    }
    return "storm";
}

std::string_view name_of(transport_kind transport) {
    switch (transport) {
        case transport_kind::poll:
            return "poll";
        case transport_kind::batch:
            return "batch";
        case transport_kind::sse:
            return "sse";
        case transport_kind::websocket:
            break;
    }
    return "websocket";
}

std::string_view name_of(dialect_kind dialect) {
    switch (dialect) {
        case dialect_kind::anteroom:
            return "anteroom";
        case dialect_kind::nchan:
            return "nchan";
        case dialect_kind::tutorial:
            return "tutorial";
        case dialect_kind::raw:
            break;
    }
    return "raw";
}

std::string to_text(load_options const& options, load_result const& result) {
    std::string out = headline(options);
    auto const line = [&]<class... Values>(fmt::format_string<Values...> format, Values&&... values) {
        out += '\n';
        fmt::format_to(std::back_inserter(out), format, std::forward<Values>(values)...);
    };
    // What the CPU time is shared out over.
    bool const publishes = options.mode == load_mode::publish;
    auto const units = publishes ? result.messages : result.deliveries;
    char const* const unit = publishes ? "publish" : options.mode == load_mode::storm ? "connection" : "delivery";
    if (options.mode == load_mode::idle)
        line("  memory      {:.0f} B a waiting subscriber, {:.0f} B after a message", result.bytes_a_waiter,
             result.bytes_a_waiter_served);
    if (options.mode == load_mode::storm)
        line("  connections {} in {:.2f} s, {:.0f}/s", result.connections, result.seconds,
             a_second(result.connections, result));
    else
        line("  deliveries  {} in {:.2f} s, {:.0f}/s ({} messages, {:.0f}/s)", result.deliveries, result.seconds,
             a_second(result.deliveries, result), result.messages, a_second(result.messages, result));
    if (!options.pids.empty()) {
        auto const ticks = result.server.user_ns + result.server.system_ns;
        line("  server      {:.2f} us CPU a {}, {:.0f} % of a core, {:.0f} % of it user; switches {} + {}; {} KiB",
             over(static_cast<double>(result.server.cpu_ns) / 1e3, units), unit,
             a_second(result.server.cpu_ns, result) / 1e7,
             over(100 * static_cast<double>(result.server.user_ns), ticks), result.server.voluntary,
             result.server.involuntary, result.private_bytes / 1024);
    }
    line("  generator   {:.2f} us CPU a {}", over(static_cast<double>(result.generator_cpu_ns) / 1e3, units), unit);
    if (result.latencies.count() > 0)
        line("  latency    {}", latency_line(result.latencies));
    if (result.last_latencies.count() > 0 && options.subscribers > 1)
        line("  to the last{}", latency_line(result.last_latencies));
    line("  integrity   {} lost, {} repeated, {} reordered; {} messages missed in {} reported gaps; {}", result.lost,
         result.counts.repeated, result.counts.late, result.counts.missed, result.counts.gaps,
         result.sound() ? "sound" : "NOT SOUND");
    return out;
}

}  // namespace anteroom::bench
