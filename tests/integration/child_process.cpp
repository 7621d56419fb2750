#include "child_process.hpp"

#include "harness_error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace anteroom::integration {
namespace {

struct pipe_ends {
    descriptor read;
    descriptor write;
};

pipe_ends make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw harness_error{std::string{"pipe2: "} + std::strerror(errno)};
    }
    return {descriptor{ends[0]}, descriptor{ends[1]}};
}

std::vector<std::string> environment_for(launch const& what) {
    std::vector<std::string> variables;
    for (auto const* const* entry = environ; *entry != nullptr; ++entry) {
        std::string variable{*entry};
        if (!variable.starts_with("ANTEROOM_")) {
            variables.push_back(std::move(variable));
        }
    }
    for (auto const& [name, value] : what.environment) {
        variables.push_back(name + "=" + value);
    }
    return variables;
}

}  // namespace

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    for (auto& string : strings) {
        pointers.push_back(string.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

child_process::child_process(launch const& what) {
    auto out = make_pipe();
    auto err = make_pipe();
    auto in = what.fed ? make_pipe() : pipe_ends{};
    auto arguments = what.arguments;
    arguments.insert(arguments.begin(), what.executable);
    auto variables = environment_for(what);
    auto const argv = pointers_to(arguments);
    auto const envp = pointers_to(variables);

    pid_ = ::fork();
    if (pid_ == 0) {
        // Between fork and exec only async-signal-safe calls: the test has threads.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (what.descriptors) {
            rlimit const limit{what.descriptors->soft, what.descriptors->hard};
            ::setrlimit(RLIMIT_NOFILE, &limit);
        }
        if (what.fed) {
            ::dup2(in.read.get(), STDIN_FILENO);
        }
        ::dup2(out.write.get(), STDOUT_FILENO);
        ::dup2(what.err.value_or(err.write.get()), STDERR_FILENO);
        ::execve(argv.front(), argv.data(), envp.data());
        ::_exit(127);
    }
    if (pid_ < 0) {
        throw harness_error{std::string{"fork: "} + std::strerror(errno)};
    }
    // By number: glibc 2.36 declares pidfd_open without C linkage.
    pidfd_ = descriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
    in_ = std::move(in.write);
    out_ = std::make_unique<captured_stream>(std::move(out.read));
    err_ = std::make_unique<captured_stream>(std::move(err.read));
}

child_process::~child_process() {
    signal(SIGKILL);
    wait_exit(default_timeout);
}

void child_process::signal(int number) const {
    if (!status_) {
        ::kill(pid_, number);
    }
}

void child_process::write(std::string_view text) const {
    while (!text.empty()) {
        auto const count = ::write(in_.get(), text.data(), text.size());
        if (count < 0) {
            throw harness_error{std::string{"write: "} + std::strerror(errno)};
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::optional<exit_status> child_process::wait_exit(milliseconds bound) {
    deadline const end{bound};
    while (!status_) {
        pollfd waiting{pidfd_.get(), POLLIN, 0};
        auto const ready = ::poll(&waiting, 1, static_cast<int>(end.left().count()));
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0) {
            return std::nullopt;
        }
        auto status = 0;
        if (::waitpid(pid_, &status, 0) == pid_) {
            auto const signaled = WIFSIGNALED(status);
            status_ = exit_status{signaled, signaled ? WTERMSIG(status) : WEXITSTATUS(status)};
        }
    }
    if (!out_->wait_for_end(end.left()) || !err_->wait_for_end(end.left())) {
        return std::nullopt;
    }
    return status_;
}

std::size_t child_process::open_descriptors() const {
    namespace fs = std::filesystem;
    auto const folder = fs::directory_iterator{"/proc/" + std::to_string(pid_) + "/fd"};
    return static_cast<std::size_t>(std::distance(fs::begin(folder), fs::end(folder)));
}

std::size_t child_process::private_bytes() const {
    std::ifstream rollup{"/proc/" + std::to_string(pid_) + "/smaps_rollup"};
    std::size_t sum = 0;
    for (std::string line; std::getline(rollup, line);) {
        if (line.starts_with("Private_")) {
            sum += 1024 * std::stoul(line.substr(line.find(':') + 1));
        }
    }
    if (sum == 0) {
        throw harness_error{"the memory of the process cannot be read"};
    }
    return sum;
}

}  // namespace anteroom::integration
