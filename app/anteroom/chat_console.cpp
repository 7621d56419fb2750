#include "chat_console.hpp"

#include "command_line.hpp"
#include "output.hpp"
#include "terminal_text.hpp"
#include <anteroom/net/descriptor.hpp>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace anteroom {

namespace {

namespace asio = boost::asio;

// A descriptor that can be read when the other can. Asio makes what it waits for non-blocking; the terminal must not
// be, whose flags are the shell's, too.
int watch_of(int other) {
    net::descriptor out(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event event{};
    event.events = EPOLLIN;
    if (!out || ::epoll_ctl(out.get(), EPOLL_CTL_ADD, other, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "standard input");
    return out.release();
}

}  // namespace

chat_console::chat_console(asio::io_context& io, callbacks how)
    : io_(io), calls_(std::move(how)), has_person_(::isatty(STDIN_FILENO) != 0), keys_(io) {
    if (!line_editor::is_possible())
        return;
    keys_.assign(watch_of(STDIN_FILENO));
    editor_.emplace(line_editor::callbacks{.wait = [this] { return wait_for_key(); }, .complete = calls_.complete});
}

void chat_console::read_lines() {
    if (!editor_) {
        reader_.emplace(
            STDIN_FILENO,
            [this](std::string line) { asio::post(io_, [this, line = std::move(line)] { calls_.line(line); }); },
            [this] { asio::post(io_, calls_.end); });
        return;
    }
    while (is_reading_) {
        auto const line = editor_->read_line();
        if (line) {
            calls_.line(*line);
        } else {
            is_reading_ = false;
            calls_.end();
        }
    }
    if (thrown_)
        std::rethrow_exception(thrown_);
}

// Called by the editor, which cannot handle an exception.
bool chat_console::wait_for_key() {
    is_key_ready_ = false;
    keys_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this](boost::system::error_code) { is_key_ready_ = true; });
    try {
        while (!is_key_ready_ && io_.run_one() > 0) {
        }
    } catch (...) {
        thrown_ = std::current_exception();
        io_.stop();
    }
    return is_key_ready_ && !io_.stopped();
}

bool chat_console::handle_signal(int number) {
    // Without an editor the terminal has shown ^C, and leaves the cursor behind it.
    bool const is_edited = editor_ && is_reading_;
    if (number == SIGINT && has_person_ && !is_edited && ::isatty(STDERR_FILENO) != 0)
        write_out(STDERR_FILENO, "\n");
    if (!editor_)
        return false;
    switch (number) {
        case SIGTSTP:
            editor_->suspend();
            return true;
        case SIGCONT:
            editor_->resume();
            return true;
        case SIGWINCH:
            editor_->resize();
            return true;
        default:
            return false;
    }
}

void chat_console::prompt(std::string_view text) {
    if (editor_)
        editor_->prompt(for_terminal(text) + "> ");
}

void chat_console::print(std::string const& lines) {
    if (lines.empty() || is_gone_)
        return;
    auto const written = editor_ ? editor_->print(lines + '\n') : write_out(STDOUT_FILENO, lines + '\n');
    // A signal has a meaning of its own to an editor; without one, it ends the conversation.
    if (written == write_result::all || (written == write_result::interrupted && editor_))
        return;
    auto const why = written == write_result::failed ? output_error() : std::string();
    is_gone_ = true;
    calls_.gone(why);
}

void chat_console::complain(std::string const& text) {
    if (editor_)
        note(for_terminal(text));
    else
        report(text);
}

}  // namespace anteroom
