// A child process with captured output, which does not outlive its owner.
#pragma once

#include "captured_stream.hpp"
#include "descriptor.hpp"
#include "timing.hpp"

#include <sys/types.h>

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::integration {

/// How a process ended.
struct exit_status {
    bool signaled = false;
    int code = 0;  ///< the exit code, or the signal's number

    friend bool operator==(exit_status const&, exit_status const&) = default;
    friend std::ostream& operator<<(std::ostream& to, exit_status const& status) {
        return to << (status.signaled ? "ended by signal " : "exit code ") << status.code;
    }
};

constexpr exit_status exited(int code) {
    return {.signaled = false, .code = code};
}

struct descriptor_limit {
    unsigned soft = 0;
    unsigned hard = 0;
};

struct launch {
    std::string executable;
    std::vector<std::string> arguments;
    /// Added to the environment of the test, from which every ANTEROOM_ variable is removed first.
    std::vector<std::pair<std::string, std::string>> environment;
    std::optional<descriptor_limit> descriptors;
    /// Whether standard input is a pipe, for write() and end_input(); otherwise it is inherited from the test.
    bool fed = false;
    /// A descriptor that is its standard error instead of what err() captures.
    std::optional<int> err = std::nullopt;
};

/// The strings as execve() takes them, with a null pointer at the end.
std::vector<char*> pointers_to(std::vector<std::string>& strings);

class child_process {
  public:
    explicit child_process(launch const& what);
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;

    /// Kills the process if it still runs, and reaps it.
    ~child_process();

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] captured_stream const& out() const { return *out_; }
    [[nodiscard]] captured_stream const& err() const { return *err_; }

    /// Sends a signal; nothing happens when the process has been reaped.
    void signal(int number) const;

    /// Writes to its standard input; throws harness_error when nobody reads it.
    void write(std::string_view text) const;
    void end_input() { in_ = descriptor{}; }

    /// Waits for the end of the process, and of its output; nothing when the bound passes first.
    std::optional<exit_status> wait_exit(milliseconds bound);

    /// How the process ended, once wait_exit() has returned it.
    [[nodiscard]] std::optional<exit_status> const& status() const { return status_; }

    /// The number of open descriptors of the process.
    [[nodiscard]] std::size_t open_descriptors() const;

    /// The private memory of the process in bytes.
    [[nodiscard]] std::size_t private_bytes() const;

  private:
    pid_t pid_ = -1;
    descriptor pidfd_;
    descriptor in_;
    std::optional<exit_status> status_;
    std::unique_ptr<captured_stream> out_;
    std::unique_ptr<captured_stream> err_;
};

}  // namespace anteroom::integration
