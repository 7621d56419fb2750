#include <anteroom/bench/progress.hpp>

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string>

namespace anteroom::bench {

namespace {

constexpr std::size_t bar_width = 24;

std::size_t terminal_width() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void put(std::string_view text) {
    // A bar that does not get out is no reason to end a run.
    [[maybe_unused]] auto const sent = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

progress::progress(double seconds) : shown_(::isatty(STDERR_FILENO) == 1), seconds_(seconds) {}

progress::~progress() {
    if (drawn_)
        put("\r\x1b[K");  // the result comes in its place
}

void progress::show(double seconds, std::string_view phase, std::string_view rates) {
    if (!shown_)
        return;
    drawn_ = true;
    auto const share = seconds_ > 0 ? std::clamp(seconds / seconds_, 0.0, 1.0) : 0.0;
    auto const full = static_cast<std::size_t>(share * static_cast<double>(bar_width));
    auto line = fmt::format("{:<8} [{}{}] {:3.0f} %  {}", phase, std::string(full, '#'),
                            std::string(bar_width - full, '.'), share * 100, rates);
    line.resize(std::min(line.size(), terminal_width() - 1));
    put("\r" + line + "\x1b[K");
}

}  // namespace anteroom::bench
