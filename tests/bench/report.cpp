#include "report.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

namespace anteroom::bench {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 4> percentiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}}};

std::string_view name_of(load_mode mode) {
    switch (mode) {
        case load_mode::closed:
            return "closed";
        case load_mode::open:
            return "open";
        case load_mode::idle:
            break;
    }
    return "idle";
}

std::string_view name_of(transport_kind transport) {
    switch (transport) {
        case transport_kind::poll:
            return "poll";
        case transport_kind::sse:
            return "sse";
        case transport_kind::websocket:
            break;
    }
    return "websocket";
}

double a_delivery(std::uint64_t ns, load_result const& result) {
    return result.deliveries == 0 ? 0 : static_cast<double>(ns) / 1e3 / static_cast<double>(result.deliveries);
}

double a_second(std::uint64_t count, load_result const& result) {
    return result.seconds <= 0 ? 0 : static_cast<double>(count) / result.seconds;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (auto const c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e ? ' ' : c;
    }
    return out + '"';
}

}  // namespace

std::string to_text(load_options const& options, load_result const& result) {
    std::string out = fmt::format("{}, {}: {} rooms x {} subscribers", name_of(options.mode),
                                  name_of(options.transport), options.rooms, options.subscribers);
    if (options.together > 1) {
        out += fmt::format(", each of {} rooms at once", options.together);
    }
    if (options.stalled != 0) {
        out += fmt::format(", and {} that do not read", options.stalled);
    }
    auto const line = [&](auto const& format, auto const&... values) {
        out += '\n';
        fmt::format_to(std::back_inserter(out), fmt::runtime(format), values...);
    };
    if (options.mode == load_mode::idle) {
        line("  memory      {:.0f} B a waiting subscriber, {:.0f} B after a message", result.bytes_a_waiter,
             result.bytes_a_waiter_served);
    }
    line("  deliveries  {} in {:.2f} s, {:.0f}/s ({} messages, {:.0f}/s)", result.deliveries, result.seconds,
         a_second(result.deliveries, result), result.messages, a_second(result.messages, result));
    if (options.pid != 0) {
        auto const ticks = result.server.user_ns + result.server.system_ns;
        line(
            "  server      {:.2f} us CPU a delivery, {:.0f} % of a core, {:.0f} % of it user; switches {} + {}; {} KiB",
            a_delivery(result.server.cpu_ns, result), a_second(result.server.cpu_ns, result) / 1e7,
            ticks == 0 ? 0 : 100.0 * static_cast<double>(result.server.user_ns) / static_cast<double>(ticks),
            result.server.voluntary, result.server.involuntary, result.private_bytes / 1024);
    }
    line("  generator   {:.2f} us CPU a delivery", a_delivery(result.generator_cpu_ns, result));
    out += "\n  latency    ";
    for (auto const& [name, share] : percentiles) {
        fmt::format_to(std::back_inserter(out), " {} {:.0f} us,", name,
                       static_cast<double>(result.latencies.at(share)) / 1e3);
    }
    fmt::format_to(std::back_inserter(out), " max {:.0f} us", static_cast<double>(result.latencies.max()) / 1e3);
    line("  integrity   {} lost, {} repeated, {} reordered; {} gaps told of {} messages; {}", result.lost,
         result.counts.repeated, result.counts.late, result.counts.gaps, result.counts.told,
         result.sound() ? "sound" : "NOT SOUND");
    if (!result.error.empty()) {
        line("  error       {}", result.error);
    }
    return out;
}

std::string to_json(load_options const& options, load_result const& result) {
    std::string out = "{";
    auto const put = [&](std::string_view name, auto const& value) {
        fmt::format_to(std::back_inserter(out), "{}\"{}\":{}", out.size() > 1 ? "," : "", name, value);
    };
    auto const put_real = [&](std::string_view name, double value) { put(name, fmt::format("{:.3f}", value)); };
    put("mode", quoted(name_of(options.mode)));
    put("transport", quoted(name_of(options.transport)));
    put("rooms", options.rooms);
    put("together", options.together);
    put("stalled", options.stalled);
    put("subscribers", options.subscribers);
    put("sound", result.sound());
    put("error", quoted(result.error));
    put("lost", result.lost);
    put("repeated", result.counts.repeated);
    put("reordered", result.counts.late);
    put("gaps", result.counts.gaps);
    put("told_missed", result.counts.told);
    put("empty_polls", result.counts.empty_polls);
    put("pings", result.counts.pings);
    put("published_in_all", result.counts.published);
    put("delivered_in_all", result.counts.deliveries);
    put_real("seconds", result.seconds);
    put("messages", result.messages);
    put("deliveries", result.deliveries);
    put_real("deliveries_a_second", a_second(result.deliveries, result));
    put_real("generator_us_a_delivery", a_delivery(result.generator_cpu_ns, result));
    if (options.pid != 0) {
        put_real("cpu_us_a_delivery", a_delivery(result.server.cpu_ns, result));
        put_real("ticks_us_a_delivery", a_delivery(result.server.user_ns + result.server.system_ns, result));
        put_real("cores", a_second(result.server.cpu_ns, result) / 1e9);
        put("voluntary_switches", result.server.voluntary);
        put("involuntary_switches", result.server.involuntary);
        put("private_bytes", result.private_bytes);
        put_real("bytes_a_waiter", result.bytes_a_waiter);
        put_real("bytes_a_waiter_served", result.bytes_a_waiter_served);
    }
    for (auto const& [name, share] : percentiles) {
        put_real(fmt::format("{}_us", name), static_cast<double>(result.latencies.at(share)) / 1e3);
    }
    put_real("max_us", static_cast<double>(result.latencies.max()) / 1e3);
    put_real("mean_us", result.latencies.mean() / 1e3);
    return out + "}";
}

}  // namespace anteroom::bench
