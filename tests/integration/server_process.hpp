// The real server, started for a test on its own port.
#pragma once

#include "child_process.hpp"
#include "endpoint.hpp"
#include "timing.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace anteroom::integration {

struct server_setup {
    /// `--listen 127.0.0.1:0` is added unless a flag says where to listen or `listens_by_itself` is set.
    std::vector<std::string> flags = {};
    std::vector<std::pair<std::string, std::string>> environment = {};
    std::optional<descriptor_limit> descriptors = std::nullopt;
    std::size_t listeners = 1;
    bool listens_by_itself = false;
    std::optional<int> err = std::nullopt;  ///< see launch::err
};

class server_process {
  public:
    /// Starts the executable named by ANTEROOM_SERVER and waits until it listens; throws harness_error if it does not.
    explicit server_process(server_setup const& setup = {});
    explicit server_process(std::vector<std::string> flags) : server_process{server_setup{.flags = std::move(flags)}} {}

    /// Stops the server with SIGTERM, and fails the test if it crashed or a sanitizer reported something.
    ~server_process();

    [[nodiscard]] endpoint const& at(std::size_t listener = 0) const { return endpoints_.at(listener); }
    [[nodiscard]] captured_stream const& out() const { return child_.out(); }
    [[nodiscard]] captured_stream const& err() const { return child_.err(); }
    [[nodiscard]] std::size_t open_descriptors() const { return child_.open_descriptors(); }
    [[nodiscard]] std::size_t private_bytes() const { return child_.private_bytes(); }

    [[nodiscard]] pid_t pid() const { return child_.pid(); }
    void signal(int number) const { child_.signal(number); }
    /// Whether the server keeps running for this long.
    [[nodiscard]] bool keeps_running_for(milliseconds span) { return !child_.wait_exit(span); }

    /// Waits for the end of the server; throws harness_error when it does not end in time.
    exit_status wait_exit(milliseconds bound = default_timeout);

  private:
    child_process child_;
    std::vector<endpoint> endpoints_;
};

/// A run of the executable that ends by itself.
struct finished_run {
    exit_status status;
    std::string out;
    std::string err;
};

/// The executable named by ANTEROOM_SERVER; throws harness_error where none is.
std::string executable_path();

/// As the `--url` of the client commands: http://HOST:PORT, or unix:PATH.
std::string url_of(server_process const& server);

/// Waits for the end of a run; throws harness_error when it does not end in time, or a sanitizer reported something.
finished_run finish(child_process& child);

/// Runs the executable to its end; throws harness_error when it does not end in time.
finished_run run_server(server_setup const& setup);

}  // namespace anteroom::integration
