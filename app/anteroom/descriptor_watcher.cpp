#include "descriptor_watcher.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace anteroom {

namespace {

// Starts a thread with all signals blocked: they are for the thread that runs the event loop.
template <class Body>
std::thread start_thread(Body body) {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread out(std::move(body));
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return out;
}

}  // namespace

descriptor_watcher::descriptor_watcher() : stop_(::eventfd(0, EFD_CLOEXEC)) {
    if (stop_ < 0)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

descriptor_watcher::~descriptor_watcher() {
    ::close(stop_);
}

void descriptor_watcher::stop() {
    std::uint64_t const one = 1;
    if (::write(stop_, &one, sizeof one) == sizeof one && thread_.joinable())
        thread_.join();
}

bool descriptor_watcher::wait(int descriptor, short events) const {
    for (;;) {
        std::array<pollfd, 2> waiting{{{descriptor, events, 0}, {stop_, POLLIN, 0}}};
        auto const ready = ::poll(waiting.data(), waiting.size(), -1);
        if (ready < 0 && errno == EINTR)
            continue;
        return ready > 0 && waiting[1].revents == 0;
    }
}

line_reader::line_reader(int descriptor, std::function<void(std::string)> line, std::function<void()> end)
    : line_(std::move(line)), end_(std::move(end)) {
    thread_ = start_thread([this, descriptor] { read(descriptor); });
}

void line_reader::read(int descriptor) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (wait(descriptor, POLLIN)) {
        auto const count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count <= 0) {
            if (!text.empty())
                line_(std::move(text));
            end_();
            return;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
        for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
            auto line = text.substr(0, end);
            text.erase(0, end + 1);
            if (line.ends_with('\r'))
                line.pop_back();
            line_(std::move(line));
        }
    }
}

hangup_watcher::hangup_watcher(int descriptor, std::function<void()> gone) {
    thread_ = start_thread([this, descriptor, gone = std::move(gone)] {
        if (wait(descriptor, 0))
            gone();
    });
}

}  // namespace anteroom
