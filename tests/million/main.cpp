// A million subscribers in one process: the real sessions, handlers and rooms over in-memory streams.
#include "report.hpp"
#include "trial.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace {

using anteroom::million::figures;

// In a process of its own, so that the memory of one trial does not affect the next.
figures run_apart(std::size_t subscribers) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        throw std::runtime_error("no pipe");
    std::fflush(nullptr);
    auto const child = ::fork();
    if (child < 0)
        throw std::runtime_error("no process");
    if (child == 0) {
        auto const result = anteroom::million::run_trial(subscribers);
        bool const told = ::write(ends[1], &result, sizeof result) == sizeof result;
        std::exit(told ? 0 : 1);
    }
    ::close(ends[1]);
    figures result{};
    bool const told = ::read(ends[0], &result, sizeof result) == sizeof result;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    result.subscribers = subscribers;
    constexpr std::string_view crashed = "the trial did not end well";
    if (!told || (status != 0 && result.failure.front() == '\0'))
        crashed.copy(result.failure.data(), crashed.size());
    return result;
}

int run(int argc, char** argv) {
    std::vector<std::size_t> sizes{10'000, 100'000, 1'000'000};
    bool json = false;
    CLI::App options("A crowd of subscribers over in-memory streams, in sizes one after the other");
    options.add_option("--subscribers", sizes, "a size of the crowd; may be given again")
        ->check(CLI::Range(1'000, 10'000'000))
        ->capture_default_str();
    options.add_flag("--json", json, "as JSON instead of a table");
    CLI11_PARSE(options, argc, argv);

    std::vector<figures> trials;
    for (auto const size : sizes)
        trials.push_back(run_apart(size));
    auto const failures = anteroom::million::failures_of(trials);
    if (json)
        fmt::print("{}\n", anteroom::million::as_json(trials, failures));
    else
        fmt::print("{}", anteroom::million::as_table(trials));
    for (auto const& each : failures)
        fmt::print(stderr, "FAILED: {}\n", each);
    return failures.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (std::exception const& error) {
        fmt::print(stderr, "anteroom_million: {}\n", error.what());
        return 2;
    }
}
