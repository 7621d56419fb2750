#include "terminal_process.hpp"

#include "harness_error.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace anteroom::integration {
namespace {

winsize size_of(std::size_t columns, std::size_t rows) {
    winsize out{};
    out.ws_col = static_cast<unsigned short>(columns);
    out.ws_row = static_cast<unsigned short>(rows);
    return out;
}

std::vector<std::string> environment_for(launch const& what) {
    std::vector<std::string> variables{"TERM=xterm", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "HOME=/nonexistent"};
    for (auto const& [name, value] : what.environment) {
        variables.push_back(name + "=" + value);
    }
    return variables;
}

}  // namespace

terminal_process::terminal_process(launch const& what, std::size_t columns, std::size_t rows)
    : terminal_{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)}, screen_{columns, rows} {
    std::array<char, 64> name{};
    if (!terminal_.is_open() || ::grantpt(terminal_.get()) != 0 || ::unlockpt(terminal_.get()) != 0 ||
        ::ptsname_r(terminal_.get(), name.data(), name.size()) != 0) {
        throw harness_error{std::string{"a terminal: "} + std::strerror(errno)};
    }
    auto const size = size_of(columns, rows);
    ::ioctl(terminal_.get(), TIOCSWINSZ, &size);
    // Open here until the process has it: without anybody at the far end there is nothing to read.
    descriptor const far_end{::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    auto arguments = what.arguments;
    arguments.insert(arguments.begin(), what.executable);
    auto variables = environment_for(what);
    auto const argv = pointers_to(arguments);
    auto const envp = pointers_to(variables);

    pid_ = ::fork();
    if (pid_ == 0) {
        // Between fork and exec only async-signal-safe calls: the test has threads.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::setsid();
        ::ioctl(far_end.get(), TIOCSCTTY, 0);
        for (int const number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
            ::dup2(far_end.get(), number);
        }
        ::execve(argv.front(), argv.data(), envp.data());
        ::_exit(127);
    }
    if (pid_ < 0) {
        throw harness_error{std::string{"fork: "} + std::strerror(errno)};
    }
    reader_ = std::jthread{[this] { read_all(); }};
}

terminal_process::~terminal_process() {
    if (!status_) {
        ::kill(pid_, SIGKILL);
        ::kill(pid_, SIGCONT);
        reap();
    }
}

// Until the process has ended, and everybody who has its terminal open.
void terminal_process::read_all() {
    std::array<char, 4096> buffer{};
    for (;;) {
        auto const count = ::read(terminal_.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return;
        }
        std::lock_guard const lock{mutex_};
        std::string_view const bytes{buffer.data(), static_cast<std::size_t>(count)};
        written_ += bytes;
        try {
            screen_.write(bytes);
        } catch (harness_error const& error) {
            problem_ = error.what();
        }
        changed_.notify_all();
    }
}

void terminal_process::type(std::string_view keys) const {
    if (::write(terminal_.get(), keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
        throw harness_error{std::string{"the terminal: "} + std::strerror(errno)};
    }
}

void terminal_process::resize(std::size_t columns, std::size_t rows) {
    std::lock_guard const lock{mutex_};
    screen_.resize(columns, rows);
    auto const size = size_of(columns, rows);
    ::ioctl(terminal_.get(), TIOCSWINSZ, &size);
}

bool terminal_process::wait_until(std::function<bool()> const& enough) const {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, default_timeout, enough);
}

bool terminal_process::shows(std::string_view text) const {
    return wait_until([&] { return screen_.text().find(text) != std::string::npos; });
}

bool terminal_process::has_line(std::string_view line) const {
    return wait_until([&] { return screen_.cursor_line() == line; });
}

std::string terminal_process::text() const {
    std::lock_guard const lock{mutex_};
    return screen_.text() + problem_;
}

std::string terminal_process::cursor_line() const {
    std::lock_guard const lock{mutex_};
    return screen_.cursor_line();
}

std::string terminal_process::written() const {
    std::lock_guard const lock{mutex_};
    return written_;
}

bool terminal_process::writes(std::string_view text) const {
    return wait_until([&] { return written_.find(text) != std::string::npos; });
}

void terminal_process::forget() {
    std::lock_guard const lock{mutex_};
    written_.clear();
}

bool terminal_process::is_cooked() const {
    termios mode{};
    ::tcgetattr(terminal_.get(), &mode);
    return (mode.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO);
}

bool terminal_process::reap() {
    bool const ended = status_ || eventually([&] {
                           int status = 0;
                           if (::waitpid(pid_, &status, WNOHANG) != pid_) {
                               return false;
                           }
                           status_ =
                               WIFSIGNALED(status) ? exit_status{true, WTERMSIG(status)} : exited(WEXITSTATUS(status));
                           return true;
                       });
    if (ended && reader_.joinable()) {
        reader_.join();
    }
    return ended;
}

exit_status terminal_process::wait_exit() {
    if (!reap()) {
        throw harness_error{"the process at the terminal does not end:\n" + text()};
    }
    if (written_.find("Sanitizer") != std::string::npos) {
        throw harness_error{written_};
    }
    return *status_;
}

}  // namespace anteroom::integration
