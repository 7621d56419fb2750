#include <anteroom/base/prefetch.hpp>
#include <anteroom/base/spawn.hpp>
#include <anteroom/net/poller.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>

#include <cerrno>
#include <system_error>
#include <utility>

namespace anteroom::net {

namespace {

// The approximate size of a watcher: that of a session.
constexpr std::size_t watcher_size = 384;

int make_set() {
    int const made = ::epoll_create1(EPOLL_CLOEXEC);
    if (made < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
    return made;
}

/// Registers the poller as a service of its io_context (asio::execution_context), so that it can be found from the
/// executor.
class poller_service final : public asio::execution_context::service {
  public:
    using key_type = poller_service;
    static asio::execution_context::id id;

    explicit poller_service(asio::execution_context& of) : service(of), poller_(static_cast<asio::io_context&>(of)) {}
    poller& get() noexcept { return poller_; }

  private:
    void shutdown() override {}

    poller poller_;
};

asio::execution_context::id poller_service::id;

}  // namespace

poller& poller::of(asio::io_context& io) {
    return asio::use_service<poller_service>(io).get();
}

poller::poller(asio::io_context& io) : set_(io.get_executor(), make_set()) {}

poller::~poller() = default;

bool poller::add(int socket, watcher& who) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &who;
    if (::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, socket, &event) != 0)
        return false;
    ++sockets_;
    if (!waiting_)
        wait();
    return true;
}

void poller::remove(watcher const& who) noexcept {
    forget_in_batch(who);
    // So that an event loop without sockets can end.
    if (--sockets_ == 0 && waiting_ && set_.is_open()) {
        boost::system::error_code ignored;
        set_.cancel(ignored);
    }
}

void poller::forget_in_batch(watcher const& who) noexcept {
    for (std::size_t i = next_; i < count_; ++i) {
        if (batch_[i].data.ptr == &who)
            batch_[i].data.ptr = nullptr;
    }
}

void poller::raise(memory_watcher& who, readiness what) {
    if (what.readable)
        who.pending_ |= EPOLLIN;
    if (what.writable)
        who.pending_ |= EPOLLOUT;
    if (what.hung_up)
        who.pending_ |= EPOLLRDHUP;
    if (std::exchange(who.queued_, true))
        return;
    if (last_raised_ != nullptr)
        last_raised_->next_ = &who;
    else
        first_raised_ = &who;
    if (std::exchange(last_raised_, &who) == nullptr)
        post_raised();
}

void poller::post_raised() {
    asio::post(set_.get_executor(), asio::bind_allocator(handler_allocator<void, handler_size>(raise_memory_),
                                                         [this] { take_from_memory(); }));
}

void poller::forget(memory_watcher& who) noexcept {
    forget_in_batch(who);
    if (!std::exchange(who.queued_, false))
        return;
    memory_watcher* before = nullptr;
    for (auto* each = first_raised_; each != &who; each = each->next_)
        before = each;
    (before != nullptr ? before->next_ : first_raised_) = who.next_;
    if (last_raised_ == &who)
        last_raised_ = before;
    who.next_ = nullptr;
}

void poller::wait() {
    waiting_ = true;
    set_.async_wait(
        asio::posix::descriptor_base::wait_read,
        asio::bind_allocator(handler_allocator<void, handler_size>(wait_memory_), [this](boost::system::error_code ec) {
            waiting_ = false;
            if (!ec)
                take_from_kernel();
            if (sockets_ > 0 && set_.is_open())
                wait();
        }));
}

void poller::stop() {
    set_.close();
}

void poller::take_from_kernel() {
    int const got = ::epoll_wait(set_.native_handle(), batch_.data(), static_cast<int>(batch_.size()), 0);
    count_ = got > 0 ? static_cast<std::size_t>(got) : 0;
    dispatch();
}

void poller::take_from_memory() {
    for (count_ = 0; count_ < batch_.size() && first_raised_ != nullptr; ++count_) {
        auto& each = *first_raised_;
        first_raised_ = std::exchange(each.next_, nullptr);
        each.queued_ = false;
        batch_[count_].events = std::exchange(each.pending_, 0);
        batch_[count_].data.ptr = static_cast<watcher*>(&each);
    }
    if (first_raised_ == nullptr)
        last_raised_ = nullptr;
    else
        post_raised();
    dispatch();
}

// Where thousands of sockets take turns, nothing of a watcher is in the processor's cache any more when its event is
// dispatched. So while one is dispatched, this prefetches the object of the one after the next, and what the next one's
// object refers to.
void poller::prefetch_next() const noexcept {
    if (next_ + 1 < count_)
        prefetch(batch_[next_ + 1].data.ptr, watcher_size);
    if (next_ < count_ && batch_[next_].data.ptr != nullptr)
        static_cast<watcher const*>(batch_[next_].data.ptr)->ready_soon();
}

void poller::dispatch() {
    behind_ = count_ == batch_.size();
    // A watcher may remove others from the same batch: see remove().
    for (next_ = 0; next_ < count_;) {
        auto const& event = batch_[next_++];
        prefetch_next();
        if (event.data.ptr == nullptr)
            continue;
        readiness what;
        what.hung_up = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        what.readable = what.hung_up || (event.events & EPOLLIN) != 0;
        what.writable = (event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
        try {
            static_cast<watcher*>(event.data.ptr)->ready(what);
        } catch (...) {  // the others' events are reported once only
            log_escaped_exception("an event of a socket");
        }
    }
    count_ = 0;
}

}  // namespace anteroom::net
