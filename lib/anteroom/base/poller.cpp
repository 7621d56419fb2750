#include <anteroom/base/poller.hpp>
#include <anteroom/base/prefetch.hpp>

#include <cerrno>
#include <system_error>

namespace anteroom {

namespace {

// What a watcher takes, by and large: a session's size.
constexpr std::size_t watcher_size = 336;

int make_set() {
    int const made = ::epoll_create1(EPOLL_CLOEXEC);
    if (made < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
    return made;
}

}  // namespace

poller::poller(asio::io_context& io) : set_(io.get_executor(), make_set()) {
    arm();
}

bool poller::add(int socket, watcher& who) noexcept {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &who;
    return ::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, socket, &event) == 0;
}

void poller::remove(watcher const& who) noexcept {
    for (std::size_t i = next_; i < count_; ++i) {
        if (events_[i].data.ptr == &who)
            events_[i].data.ptr = nullptr;
    }
}

void poller::stop() {
    set_.close();
}

void poller::arm() {
    set_.async_wait(asio::posix::descriptor_base::wait_read, [this](boost::system::error_code ec) {
        if (ec)
            return;
        tell();
        if (set_.is_open())
            arm();
    });
}

// Where thousands of sockets take turns, nothing of a watcher is in the processor's cache any more when it is told.
// While one is, the object of the one after the next is fetched, and what the next one's object refers to.
void poller::tell_of_next() const noexcept {
    if (next_ + 1 < count_)
        prefetch(events_[next_ + 1].data.ptr, watcher_size);
    if (next_ < count_ && events_[next_].data.ptr != nullptr)
        static_cast<watcher const*>(events_[next_].data.ptr)->ready_soon();
}

void poller::tell() {
    int const got = ::epoll_wait(set_.native_handle(), events_.data(), static_cast<int>(events_.size()), 0);
    count_ = got > 0 ? static_cast<std::size_t>(got) : 0;
    behind_ = count_ == events_.size();
    // Whoever is told may end others that are in the same batch: see remove().
    for (next_ = 0; next_ < count_;) {
        auto const& event = events_[next_++];
        tell_of_next();
        if (event.data.ptr == nullptr)
            continue;
        readiness what;
        what.hung_up = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        what.readable = what.hung_up || (event.events & EPOLLIN) != 0;
        what.writable = (event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
        static_cast<watcher*>(event.data.ptr)->ready(what);
    }
    count_ = 0;
}

}  // namespace anteroom
