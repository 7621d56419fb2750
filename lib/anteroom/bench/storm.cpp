#include <anteroom/bench/body.hpp>
#include <anteroom/bench/crowd.hpp>
#include <anteroom/bench/storm.hpp>

#include <fmt/format.h>

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace anteroom::bench {

storm::storm(load_options const& options)
    : options_(options),
      to_(endpoint::parse(options.url)),
      dialect_(dialect::make(options, to_.host)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      callers_(options.subscribers),
      last_progress_(now_ns()) {
    auto const room = fmt::format("s{}", now_ns() / 1'000 % 1'000'000'000);
    publish(room);
    auto const start = dialect_->start({room}, true);
    dialect_->subscribe(request_, start.target, start.cursor);
    for (std::size_t index = 0; index < callers_.size(); ++index)
        call(index);
}

storm::~storm() {
    ::close(epoll_);
}

void storm::publish(std::string const& room) {
    message_body{0, 1, now_ns()}.write(body_, options_.body_bytes);
    std::string publish;
    dialect_->publish(publish, room, body_);
    connection link(to_, 0);
    link.send(publish);
    pollfd wait{link.fd(), POLLIN, 0};
    ::poll(&wait, 1, static_cast<int>(options_.stall * 1000));
    bool more = false;
    answer got;
    auto const bytes = link.receive(more);
    if (read_answer(bytes, got) != answer_state::complete || !dialect_->accepted(got))
        throw std::runtime_error(fmt::format("a publish was answered {:.300}", bytes));
}

void storm::call(std::size_t index) {
    auto& who = callers_[index];
    who.began = now_ns();
    who.link.emplace(to_, calls_++ % 20'000);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = index;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, who.link->fd(), &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    who.link->send(request_);
}

void storm::read(std::size_t index) {
    auto& who = callers_[index];
    for (bool more = true; more;) {
        auto const bytes = who.link->receive(more);
        answer got;
        auto const state = read_answer(bytes, got);
        if (!bytes.empty() && state == answer_state::incomplete) {
            who.link->keep(bytes);
            continue;
        }
        if (bytes.empty())
            return;
        if (state == answer_state::malformed || dialect_->classify(got) != poll_outcome::message)
            throw std::runtime_error(fmt::format("a poll was answered {:.300}", bytes));
        bool found = false;
        dialect_->read(got, [&](subscriber_event const& event) { found = event.body == body_; });
        if (!found)
            throw std::runtime_error(fmt::format("a poll got what was never published: {:.300}", got.body));
        auto const now = last_progress_ = now_ns();
        ++served_;
        if (who.began >= record_from_)
            latencies_.record(now - who.began);
        who.link.reset();
        call(index);
        return;
    }
}

void storm::step(std::uint64_t timeout_ns) {
    std::array<epoll_event, 256> events;
    auto const ready = ::epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(timeout_ns / 1'000'000));
    if (ready < 0 && errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "epoll_wait");
    for (int i = 0; i < ready; ++i)
        read(events[static_cast<std::size_t>(i)].data.u64);
    if (static_cast<double>(now_ns() - last_progress_) > options_.stall * 1e9)
        throw std::runtime_error(
            fmt::format("nothing moves for {} s: none of {} polls is answered", options_.stall, callers_.size()));
}

}  // namespace anteroom::bench
