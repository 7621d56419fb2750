// The result for programs, and for the page, which is a program that draws it.
#include <anteroom/bench/report.hpp>

#include <boost/json.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

namespace anteroom::bench {

namespace json = boost::json;

namespace {

// Three digits after the point are more than is measured.
double rounded(double value) {
    return std::round(value * 1000) / 1000;
}

double us(std::uint64_t ns) {
    return rounded(static_cast<double>(ns) / 1e3);
}

double over(double sum, double count) {
    return count <= 0 ? 0 : rounded(sum / count);
}

void put_percentiles(json::object& to, histogram const& of) {
    to["p50_us"] = us(of.at(0.5));
    to["p90_us"] = us(of.at(0.9));
    to["p99_us"] = us(of.at(0.99));
    to["p999_us"] = us(of.at(0.999));
    to["max_us"] = us(of.max());
    to["mean_us"] = rounded(of.mean() / 1e3);
}

// The curve of the percentiles, with ten points for each power of ten that the rest gets smaller by, as long as there
// is a value in the rest.
json::array curve(histogram const& of) {
    json::array out;
    if (of.count() == 0)
        return out;
    auto const add = [&](double share) { out.push_back(json::array{std::round(share * 1e9) / 1e9, us(of.at(share))}); };
    add(0);
    for (int tenths = 1;; ++tenths) {
        auto const rest = std::pow(10.0, -tenths / 10.0);
        if (rest * static_cast<double>(of.count()) < 1)
            break;
        add(1 - rest);
    }
    out.push_back(json::array{1.0, us(of.max())});
    return out;
}

json::array samples(load_result const& result) {
    json::array out;
    for (auto const& each : result.samples) {
        out.push_back({{"t", rounded(each.seconds)},
                       {"deliveries", std::round(each.deliveries)},
                       {"published", std::round(each.published)},
                       {"rss", each.memory},
                       {"cpu", rounded(each.cores)}});
    }
    return out;
}

json::object result_object(load_options const& options, load_result const& result) {
    auto const deliveries = static_cast<double>(result.deliveries);
    auto const messages = static_cast<double>(result.messages);
    auto const connections = static_cast<double>(result.connections);
    auto const cpu = static_cast<double>(result.server.cpu_ns) / 1e3;
    json::object out{
        {"mode", name_of(options.mode)},
        {"transport", name_of(options.transport)},
        {"dialect", name_of(options.dialect)},
        {"rooms", options.rooms},
        {"together", options.together},
        {"stalled", options.stalled},
        {"subscribers", options.subscribers},
        {"size", options.body_bytes},
        {"rate", options.mode == load_mode::open ? json::value(options.rate) : json::value()},
        {"sound", result.sound()},
        {"error", result.error},
        {"lost", result.lost},
        {"repeated", result.counts.repeated},
        {"reordered", result.counts.late},
        {"gaps", result.counts.gaps},
        {"reported_missed", result.counts.missed},
        {"empty_polls", result.counts.empty_polls},
        {"pings", result.counts.pings},
        {"published_in_all", result.counts.published},
        {"delivered_in_all", result.counts.deliveries},
        {"seconds", rounded(result.seconds)},
        {"messages", result.messages},
        {"messages_a_second", over(messages, result.seconds)},
        {"deliveries", result.deliveries},
        {"deliveries_a_second", over(deliveries, result.seconds)},
        {"connections", result.connections},
        {"connections_a_second", over(connections, result.seconds)},
        {"generator_us_a_delivery", over(static_cast<double>(result.generator_cpu_ns) / 1e3, deliveries)},
    };
    if (!options.pids.empty()) {
        auto const ticks = static_cast<double>(result.server.user_ns + result.server.system_ns) / 1e3;
        out["cpu_us_a_delivery"] = over(cpu, deliveries);
        out["ticks_us_a_delivery"] = over(ticks, deliveries);
        out["cpu_us_a_message"] = over(cpu, messages);
        out["cpu_us_a_connection"] = over(cpu, connections);
        out["cores"] = over(cpu / 1e6, result.seconds);
        out["voluntary_switches"] = result.server.voluntary;
        out["involuntary_switches"] = result.server.involuntary;
        out["private_bytes"] = result.private_bytes;
        out["bytes_a_waiter"] = rounded(result.bytes_a_waiter);
        out["bytes_a_waiter_served"] = rounded(result.bytes_a_waiter_served);
    }
    put_percentiles(out, result.latencies);
    put_percentiles(out["last"].emplace_object(), result.last_latencies);
    out["percentiles"] = curve(result.latencies);
    out["last_percentiles"] = curve(result.last_latencies);
    out["timeline"] = samples(result);
    auto& memory = out["memory"].emplace_array();
    for (auto const& [subscribers, bytes] : result.memory)
        memory.push_back(json::array{subscribers, bytes});
    return out;
}

// What follows `label` and its colon in a file such as /proc/cpuinfo.
std::string first_of(char const* path, std::string_view label) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (auto const colon = line.find(':'); line.starts_with(label) && colon != line.npos)
            return line.substr(std::min(line.find_first_not_of(" \t", colon + 1), line.size()));
    }
    return "unknown";
}

json::object machine() {
    utsname system{};
    ::uname(&system);
    return {{"cpu", first_of("/proc/cpuinfo", "model name")},
            {"cores", std::thread::hardware_concurrency()},
            {"kernel", fmt::format("{} {}", system.sysname, system.release)},
            {"memory", first_of("/proc/meminfo", "MemTotal")}};
}

}  // namespace

std::string to_json(load_options const& options, load_result const& result) {
    return json::serialize(result_object(options, result));
}

std::string to_page(load_options const& options, load_result const& result, std::string_view command) {
    auto run = result_object(options, result);
    auto const title = fmt::format("{}, {}: {} rooms x {} subscribers", name_of(options.mode),
                                   name_of(options.transport), options.rooms, options.subscribers);
    run["server"] = name_of(options.dialect);
    run["scenario"] = name_of(options.mode);
    run["title"] = title;
    auto const now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    json::object const document{
        {"title", title},         {"when", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))},
        {"machine", machine()},   {"command", command},
        {"notes", json::array{}}, {"runs", json::array{run}}};
    // In a script element the one thing that could end it is a "</".
    std::string data;
    for (char const c : json::serialize(document))
        c == '<' ? data += "\\u003c" : data += c;
    std::string page(page_template());
    constexpr std::string_view place = R"(id="data">)";
    auto const at = page.find(place);
    if (at != page.npos)
        page.replace(at + place.size(), 2, data);
    return page;
}

}  // namespace anteroom::bench
