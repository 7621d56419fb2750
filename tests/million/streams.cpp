#include "streams.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace anteroom::million {

namespace {

streams* current = nullptr;

}  // namespace

streams::streams(std::size_t most) : all_(most) {
    current = this;
}

streams::~streams() {
    current = nullptr;
    if (bell_ >= 0)
        ::close(bell_);
}

int streams::open(far_end& peer) {
    if (used_ == all_.size())
        throw std::logic_error("there are as many streams as was asked for");
    all_[used_].peer = &peer;
    ++open_;
    return first + static_cast<int>(used_++);
}

void streams::give(int number, std::string_view text) {
    auto& to = at(number);
    if (to.watcher == nullptr)
        throw std::logic_error("the server has closed the connection that something is to be sent on");
    if (to.input_size > 0)
        throw std::logic_error("the last input has not been read");
    to.input = text.data();
    to.input_size = static_cast<std::uint32_t>(text.size());
    queue(to);
}

void streams::hang_up(int number) {
    at(number).hung_up = true;
    queue(at(number));
}

streams* streams::having(int descriptor) noexcept {
    return descriptor >= first ? current : nullptr;
}

streams* streams::watched_by(int epoll_set) noexcept {
    return current != nullptr && epoll_set == current->set_ ? current : nullptr;
}

ssize_t streams::read(int number, std::span<char> into) noexcept {
    auto& from = at(number);
    if (from.input_size == 0 && from.hung_up)
        return 0;
    if (from.input_size == 0) {
        errno = EAGAIN;
        return -1;
    }
    auto const size = std::min<std::size_t>(into.size(), from.input_size);
    std::memcpy(into.data(), from.input, size);
    from.input += size;
    from.input_size -= static_cast<std::uint32_t>(size);
    return static_cast<ssize_t>(size);
}

ssize_t streams::write(int number, std::string_view bytes) {
    if (at(number).hung_up) {
        errno = EPIPE;
        return -1;
    }
    at(number).peer->wrote(number, bytes);
    return static_cast<ssize_t>(bytes.size());
}

int streams::close(int number) noexcept {
    auto& gone = at(number);
    gone.watcher = nullptr;
    --open_;
    if (!gone.hung_up)
        gone.peer->closed(number);
    return 0;
}

int streams::watch(int epoll_set, int number, epoll_event const& as) noexcept {
    if (set_ < 0) {
        set_ = epoll_set;
        bell_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        epoll_event event{};
        event.events = EPOLLIN;
        if (bell_ < 0 || ::epoll_ctl(set_, EPOLL_CTL_ADD, bell_, &event) != 0)
            return -1;
    }
    at(number).watcher = as.data.ptr;
    queue(at(number));
    return 0;
}

// As the kernel does: what is queued already is not queued again, and what is told is the state as it is then.
void streams::queue(stream& what) noexcept {
    if (what.watcher == nullptr || std::exchange(what.queued, true))
        return;
    auto const index = static_cast<std::uint32_t>(&what - all_.data());
    if (front_ == nobody) {
        front_ = index;
        ::eventfd_write(bell_, 1);
    } else {
        all_[back_].next = index;
    }
    back_ = index;
}

int streams::ready(std::span<epoll_event> out) noexcept {
    std::size_t count = 0;
    while (front_ != nobody && count < out.size()) {
        auto& next = all_[front_];
        front_ = std::exchange(next.next, nobody);
        next.queued = false;
        if (next.watcher == nullptr)
            continue;
        auto& event = out[count++];
        event.data.ptr = next.watcher;
        event.events = EPOLLOUT;
        if (next.input_size > 0)
            event.events |= EPOLLIN;
        if (next.hung_up)
            event.events |= EPOLLIN | EPOLLRDHUP | EPOLLHUP;
    }
    eventfd_t rung = 0;
    if (front_ == nobody)
        ::eventfd_read(bell_, &rung);
    return static_cast<int>(count);
}

}  // namespace anteroom::million
