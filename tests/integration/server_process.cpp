#include "server_process.hpp"

#include "harness_error.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <string_view>

namespace anteroom::integration {
namespace {

launch launch_of(server_setup const& setup) {
    auto arguments = setup.flags;
    auto const listens =
        std::ranges::any_of(arguments, [](std::string const& argument) { return argument.starts_with("--listen"); });
    if (!listens && !setup.listens_by_itself) {
        arguments.insert(arguments.begin(), {"--listen", "127.0.0.1:0"});
    }
    return {.executable = executable_path(),
            .arguments = std::move(arguments),
            .environment = setup.environment,
            .descriptors = setup.descriptors,
            .err = setup.err};
}

bool has_sanitizer_report(std::string_view text) {
    constexpr std::array marks{"Sanitizer:", "runtime error: "};
    return std::ranges::any_of(marks, [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

}  // namespace

server_process::server_process(server_setup const& setup) : child_{launch_of(setup)} {
    auto const listening = [&](std::string const& text) { return lines_of(text).size() >= setup.listeners; };
    if (!child_.out().wait_until(listening, default_timeout)) {
        child_.signal(SIGKILL);
        child_.wait_exit(default_timeout);
        throw harness_error{"the server does not listen; its output: " + child_.out().text() + child_.err().text()};
    }
    for (auto const& line : lines_of(child_.out().text())) {
        endpoints_.push_back(parse_listening_line(line));
    }
}

server_process::~server_process() {
    // The first signal drains, the second ends the server at once, so that clients left by a failed test cannot delay
    // it.
    auto const ended_by_test = child_.status().has_value();
    signal(SIGTERM);
    auto status = child_.wait_exit(3s);
    auto const drained = !ended_by_test && status;
    if (!status) {
        signal(SIGTERM);
        status = child_.wait_exit(default_timeout);
    }
    auto const report = err().text();
    if (has_sanitizer_report(report)) {
        FAIL_CHECK("a sanitizer reported:\n" << report);
    } else if (!status) {
        FAIL_CHECK("the server did not exit after two signals; its output:\n" << report);
    } else if ((drained && *status != exited(0)) || (status->signaled && status->code != SIGTERM)) {
        FAIL_CHECK("the server did not exit cleanly: " << *status << "; its output:\n" << report);
    }
}

exit_status server_process::wait_exit(milliseconds bound) {
    auto const status = child_.wait_exit(bound);
    if (!status) {
        throw harness_error{"the server does not exit; its output: " + err().text()};
    }
    return *status;
}

std::string executable_path() {
    auto const* const path = std::getenv("ANTEROOM_SERVER");
    if (path == nullptr) {
        throw harness_error{"ANTEROOM_SERVER does not name the server's executable"};
    }
    return path;
}

std::string url_of(server_process const& server) {
    return server.at().path.empty() ? "http://" + server.at().authority() : "unix:" + server.at().path;
}

finished_run run_server(server_setup const& setup) {
    child_process child{launch_of(setup)};
    return finish(child);
}

finished_run finish(child_process& child) {
    auto const status = child.wait_exit(default_timeout);
    if (!status) {
        throw harness_error{"the run does not exit; its output: " + child.out().text() + child.err().text()};
    }
    if (has_sanitizer_report(child.err().text())) {
        throw harness_error{"a sanitizer reported:\n" + child.err().text()};
    }
    return {.status = *status, .out = child.out().text(), .err = child.err().text()};
}

}  // namespace anteroom::integration
