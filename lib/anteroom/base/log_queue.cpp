#include <anteroom/base/log_queue.hpp>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

namespace anteroom::log {

namespace {

/// While it lives, the threads that this one starts take no signals: those are for the thread of shard 0.
class signals_blocked {
  public:
    signals_blocked() noexcept {
        sigset_t all{};
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_blocked(signals_blocked const&) = delete;
    signals_blocked& operator=(signals_blocked const&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace

queue::queue(int to, std::function<std::string(std::uint64_t)> note, std::size_t capacity)
    : to_(to), capacity_(capacity), note_(std::move(note)) {}

queue::~queue() {
    {
        std::lock_guard const lock(mutex_);
        ending_ = true;
    }
    queued_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void queue::count_dropped(std::uint64_t lines) noexcept {
    dropped_.fetch_add(lines, std::memory_order_relaxed);
    not_said_ += lines;
}

void queue::push(std::string_view line) noexcept {
    std::lock_guard const lock(mutex_);
    try {
        if (!thread_.joinable()) {
            signals_blocked const during;
            thread_ = std::thread([this] { run(); });
        }
        // Once one is dropped, so are those behind it until the thread has said so: the number stands in their place.
        // Where it could not be said, the line is queued, so that there is another attempt.
        if ((not_said_ > 0 && !failing_) || pending_.size() + line.size() > capacity_)
            count_dropped(1);
        else
            pending_ += line;
    } catch (...) {  // no memory, or no thread
        count_dropped(1);
    }
    if (!writing_)
        queued_.notify_one();
}

void queue::drop() noexcept {
    std::lock_guard const lock(mutex_);
    count_dropped(1);
    queued_.notify_one();
}

bool queue::flush(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    return written_.wait_for(lock, most, [&] { return !writing_ && pending_.empty() && (not_said_ == 0 || failing_); });
}

std::size_t queue::write(std::string_view text) const noexcept {
    std::size_t done = 0;
    while (done < text.size()) {
        auto const sent = ::write(to_, text.data() + done, text.size() - done);
        if (sent > 0) {
            done += static_cast<std::size_t>(sent);
        } else if (sent < 0 && errno == EAGAIN) {
            // Whoever shares the descriptor has made it non-blocking.
            pollfd waiting{to_, POLLOUT, 0};
            ::poll(&waiting, 1, -1);
        } else if (sent == 0 || errno != EINTR) {
            break;  // the disk is full, or nobody has the other end any more
        }
    }
    return done;
}

void queue::run() {
    std::string batch;
    std::unique_lock lock(mutex_);
    for (;;) {
        queued_.wait(lock, [&] { return ending_ || !pending_.empty() || (not_said_ > 0 && !failing_); });
        if (ending_ && pending_.empty() && (not_said_ == 0 || failing_))
            return;
        batch.clear();
        std::swap(batch, pending_);
        auto const missing = std::exchange(not_said_, 0);
        writing_ = true;
        lock.unlock();

        auto const rest = std::string_view(batch).substr(write(batch));
        bool const said = rest.empty() && (missing == 0 || say(missing));

        lock.lock();
        writing_ = false;
        failing_ = !said;
        count_dropped(static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n')));
        if (!said)
            not_said_ += missing;
        written_.notify_all();
    }
}

bool queue::say(std::uint64_t missing) const noexcept {
    try {
        auto const line = note_(missing);
        return write(line) == line.size();
    } catch (...) {  // no memory
        return false;
    }
}

}  // namespace anteroom::log
