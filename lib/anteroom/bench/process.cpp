#include <anteroom/bench/process.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace anteroom::bench {
namespace {

std::string read_file(std::string const& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The number after `label`, 0 without it.
std::uint64_t number_after(std::string_view text, std::string_view label) {
    auto at = text.find(label);
    if (at == std::string_view::npos) {
        return 0;
    }
    at = text.find_first_of("0123456789", at + label.size());
    std::uint64_t value = 0;
    if (at != std::string_view::npos) {
        std::from_chars(text.data() + at, text.data() + text.size(), value);
    }
    return value;
}

// Field `index` of /proc/PID/stat, counted from 1 as proc(5) does. The name in the second field may hold anything.
std::uint64_t stat_field(std::string_view stat, int index) {
    auto at = stat.rfind(')');
    for (int field = 2; field < index && at != std::string_view::npos; ++field) {
        at = stat.find(' ', at + 1);
    }
    std::uint64_t value = 0;
    if (at != std::string_view::npos) {
        std::from_chars(stat.data() + at + 1, stat.data() + stat.size(), value);
    }
    return value;
}

template <class Visit>
void for_each_numbered(std::string const& folder, Visit visit) {
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        auto const name = entry->path().filename().string();
        if (name.find_first_not_of("0123456789") == std::string::npos) {
            visit(name);
        }
    }
}

}  // namespace

process::process(std::vector<pid_t> const& roots) {
    for (auto const root : roots) {
        if (!std::filesystem::exists(fmt::format("/proc/{}/stat", root))) {
            throw std::runtime_error(fmt::format("there is no process {}", root));
        }
        members_.push_back(root);
        for_each_numbered("/proc", [&](std::string const& name) {
            if (stat_field(read_file("/proc/" + name + "/stat"), 4) == static_cast<std::uint64_t>(root)) {
                members_.push_back(std::stoi(name));
            }
        });
    }
}

std::uint64_t process::cpu_ns() const {
    std::uint64_t total = 0;
    for (auto const pid : members_) {
        auto const tasks = fmt::format("/proc/{}/task", pid);
        for_each_numbered(tasks, [&](std::string const& task) {
            total += number_after(read_file(fmt::format("{}/{}/schedstat", tasks, task)), "");
        });
    }
    return total;
}

process_sample process::sample() const {
    static auto const ns_per_tick = 1'000'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    process_sample sum;
    for (auto const pid : members_) {
        auto const folder = fmt::format("/proc/{}", pid);
        auto const stat = read_file(folder + "/stat");
        sum.user_ns += stat_field(stat, 14) * ns_per_tick;
        sum.system_ns += stat_field(stat, 15) * ns_per_tick;
        for_each_numbered(folder + "/task", [&](std::string const& task) {
            auto const status = read_file(fmt::format("{}/task/{}/status", folder, task));
            sum.voluntary += number_after(status, "\nvoluntary_ctxt_switches:");
            sum.involuntary += number_after(status, "\nnonvoluntary_ctxt_switches:");
        });
    }
    sum.cpu_ns = cpu_ns();
    return sum;
}

bool process::at_rest() const {
    bool rest = true;
    for (auto const pid : members_) {
        auto const tasks = fmt::format("/proc/{}/task", pid);
        for_each_numbered(tasks, [&](std::string const& task) {
            auto const stat = read_file(fmt::format("{}/{}/stat", tasks, task));
            rest = rest && stat.find(") S ") != std::string::npos;
        });
    }
    return rest;
}

std::uint64_t process::private_bytes() const {
    std::uint64_t total = 0;
    for (auto const pid : members_) {
        auto const memory = read_file(fmt::format("/proc/{}/smaps_rollup", pid));
        total += 1024 * (number_after(memory, "Private_Clean:") + number_after(memory, "Private_Dirty:"));
    }
    return total;
}

std::uint64_t process::anonymous_bytes() const {
    std::uint64_t total = 0;
    for (auto const pid : members_) {
        total += 1024 * number_after(read_file(fmt::format("/proc/{}/status", pid)), "RssAnon:");
    }
    return total;
}

}  // namespace anteroom::bench
