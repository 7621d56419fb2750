#include "report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace anteroom::million {

namespace {

constexpr double most_each = 1'320;         // bytes
constexpr double most_for_million = 1.4e9;  // bytes, of the process
constexpr std::size_t million = 1'000'000;
constexpr double most_spread = 1.15;  // between sizes
// After the crowd has left: of what it took, and of what a server keeps for the next one, however many there were. A
// thousand frames in their pool hold all of the pages that they were in, with sessions: 1 MB.
constexpr double most_left = 0.01;
constexpr double most_kept = 2e6;  // bytes

double each(figures const& of, std::uint64_t bytes) {
    return (static_cast<double>(bytes) - static_cast<double>(of.before)) / static_cast<double>(of.subscribers);
}

double mb(std::uint64_t bytes) {
    return static_cast<double>(bytes) / 1e6;
}

void check_memory(figures const& of, std::vector<std::string>& out) {
    double const most = std::max(each(of, of.waiting), each(of, of.again));
    if (most > most_each)
        out.push_back(fmt::format("{} subscribers: {:.0f} bytes each, more than {}", of.subscribers, most, most_each));
    auto const total = std::max(of.waiting, of.again);
    if (of.subscribers >= million &&
        static_cast<double>(total) > most_for_million / million * static_cast<double>(of.subscribers))
        out.push_back(fmt::format("{} subscribers: {:.0f} MB in all", of.subscribers, mb(total)));
    auto const crowd = static_cast<double>(of.subscribers);
    if (each(of, of.trimmed) * crowd > most_left * each(of, of.again) * crowd + most_kept)
        out.push_back(fmt::format("{} subscribers: {:.1f} MB are left of {:.1f} though all have hung up",
                                  of.subscribers, mb(of.trimmed), mb(of.again)));
}

void check_growth(std::span<figures const> trials, std::vector<std::string>& out) {
    auto const [least, most] = std::ranges::minmax(trials, {}, [](figures const& of) { return each(of, of.again); });
    if (each(most, most.again) > most_spread * each(least, least.again))
        out.push_back(fmt::format("memory does not grow with the crowd alone: {:.0f} bytes each for {}, {:.0f} for {}",
                                  each(least, least.again), least.subscribers, each(most, most.again),
                                  most.subscribers));
}

}  // namespace

std::vector<std::string> failures_of(std::span<figures const> trials) {
    std::vector<std::string> out;
    bool whole = true;
    for (auto const& of : trials) {
        if (of.failure.front() != '\0') {
            out.push_back(fmt::format("{} subscribers: {}", of.subscribers, of.failure.data()));
            whole = false;
            continue;
        }
        if (of.beside == 0)
            out.push_back(fmt::format(
                "{} subscribers: no other room was answered until the last of them had the message", of.subscribers));
        if (memory_counts)
            check_memory(of, out);
    }
    if (memory_counts && whole)
        check_growth(trials, out);
    return out;
}

std::string as_table(std::span<figures const> trials) {
    std::string out = fmt::format("{:>11} {:>40} {:>15} {:>15} {:>8} {:>18}\n", "", "private memory, MB", "bytes each",
                                  "CPU each, ns", "fan-out", "the small room");
    out += fmt::format("{:>11} {:>8} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>8} {:>8} {:>9}\n",
                       "subscribers", "before", "waiting", "again", "left", "trimmed", "waiting", "again", "coming",
                       "message", "ms", "messages", "most, ms");
    for (auto const& of : trials) {
        if (of.failure.front() != '\0') {
            out += fmt::format("{:>11}   failed\n", of.subscribers);
            continue;
        }
        out += fmt::format(
            "{:>11} {:>8.1f} {:>7.1f} {:>7.1f} {:>7.1f} {:>7.1f} {:>7.0f} {:>7.0f} {:>7.0f} {:>7.0f} {:>8.1f} {:>8} "
            "{:>9.2f}\n",
            of.subscribers, mb(of.before), mb(of.waiting), mb(of.again), mb(of.left), mb(of.trimmed),
            each(of, of.waiting), each(of, of.again), of.come_ns, of.deliver_ns, of.fan_out_ms, of.beside,
            of.longest_beside_ms);
    }
    if (!memory_counts)
        out += "Memory is not checked: in this build most of it is the sanitizer's.\n";
    return out;
}

std::string as_json(std::span<figures const> trials, std::span<std::string const> failures) {
    boost::json::array list;
    for (auto const& of : trials) {
        if (of.failure.front() != '\0')
            continue;
        list.push_back({{"subscribers", of.subscribers},
                        {"before", of.before},
                        {"waiting", of.waiting},
                        {"again", of.again},
                        {"left", of.left},
                        {"trimmed", of.trimmed},
                        {"come_ns", of.come_ns},
                        {"deliver_ns", of.deliver_ns},
                        {"fan_out_ms", of.fan_out_ms},
                        {"beside", of.beside},
                        {"longest_beside_ms", of.longest_beside_ms}});
    }
    boost::json::object const whole = {{"trials", list},
                                       {"memory_checked", memory_counts},
                                       {"failures", boost::json::array(failures.begin(), failures.end())}};
    return boost::json::serialize(whole);
}

}  // namespace anteroom::million
