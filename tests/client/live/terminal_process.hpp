// A process at a terminal: somebody who types, and sees what it shows.
#pragma once

#include "child_process.hpp"
#include "descriptor.hpp"
#include "screen.hpp"
#include "timing.hpp"

#include <sys/types.h>

#include <condition_variable>
#include <csignal>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace anteroom::integration {

class terminal_process {
  public:
    /// Standard input, output and error are a terminal of that size. Of `what`, `fed`, `err` and `descriptors` do not
    /// count.
    explicit terminal_process(launch const& what, std::size_t columns = 80, std::size_t rows = 24);
    terminal_process(terminal_process const&) = delete;
    terminal_process& operator=(terminal_process const&) = delete;
    ~terminal_process();

    /// Types: `\r` is the Enter key, `\x03` Ctrl-C, `\x1B[D` the left arrow.
    void type(std::string_view keys) const;

    void resize(std::size_t columns, std::size_t rows);

    /// Waits until the screen shows this; false after the usual bound.
    bool shows(std::string_view text) const;
    /// Waits until the cursor's line is this, with `|` where the cursor is.
    bool has_line(std::string_view line) const;

    std::string text() const;
    std::string cursor_line() const;
    /// Every byte that was written since forget(); writes() waits until this is among them.
    std::string written() const;
    bool writes(std::string_view text) const;
    void forget();

    void signal(int number) const { ::kill(pid_, number); }
    pid_t pid() const { return pid_; }

    /// Whether the terminal passes on lines, and shows what is typed, as for a shell.
    bool is_cooked() const;

    /// How it ended; throws harness_error if it has not after the usual bound, or a sanitizer reported something.
    exit_status wait_exit();

  private:
    bool reap();
    bool wait_until(std::function<bool()> const& enough) const;
    void read_all();

    pid_t pid_ = -1;
    descriptor terminal_;
    std::optional<exit_status> status_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    screen screen_;
    std::string written_;
    std::string problem_;  // what the screen did not understand
    std::jthread reader_;
};

}  // namespace anteroom::integration
