#include "crowd.hpp"

#include "body.hpp"

#include <fmt/format.h>

#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace anteroom::bench {

std::uint64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

crowd::crowd(load_options const& options)
    : options_(options),
      to_(endpoint::parse(options.target)),
      dialect_(options.dialect, options.transport, options.headers, to_.host, options.wait, options.together),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      complete_rooms_(options.rooms),
      last_progress_(now_ns()) {
    // Names of this run alone, so that a server that keeps rooms starts them anew.
    auto const run = now_ns() / 1'000 % 1'000'000'000;
    for (std::size_t index = 0; index < options.rooms; ++index) {
        rooms_.push_back({fmt::format("b{}-{}", run, index)});
    }
    for (std::size_t first = 0; first < options.rooms; first += options.together) {
        std::vector<std::string_view> names;
        for (auto room = first; room < first + options.together; ++room) {
            names.emplace_back(rooms_[room].name);
        }
        groups_.push_back({dialect_.target(names), options.subscribers});
    }
    auto const live = groups_.size() * options.subscribers;
    subscribers_.reserve(live + options.stalled);
    for (std::size_t index = 0, stalled = 0; index < live; ++index) {
        add_subscriber(index % groups_.size(), false);
        // Among the live ones, wherever a server begins.
        for (; stalled < options.stalled * (index + 1) / live; ++stalled) {
            add_subscriber(stalled % groups_.size(), true);
        }
    }
    auto const publishers = options.publishers != 0 ? options.publishers : std::min<std::size_t>(groups_.size(), 1000);
    publishers_.reserve(publishers);
    for (std::size_t index = 0; index < publishers; ++index) {
        auto const tag = subscribers_.size() + index;
        publishers_.push_back({connection(to_, tag), 0, {}});
        watch(publishers_.back().link.fd(), static_cast<std::uint32_t>(tag), EPOLLIN | EPOLLOUT);
    }
    last_progress_ = now_ns();
}

crowd::~crowd() {
    ::close(epoll_);
}

void crowd::add_subscriber(std::size_t group, bool stalled) {
    auto const tag = subscribers_.size();
    auto& who = subscribers_.emplace_back(subscriber{
        connection(to_, tag, stalled), group, std::vector<follower>(options_.together), stalled, false, {}, {}, {}});
    if (!stalled) {
        unopened_ += options_.transport == transport_kind::poll ? 0 : 1;
        watch(who.link.fd(), static_cast<std::uint32_t>(tag), EPOLLIN);
    }
    subscribe(who);
}

void crowd::wake() {
    for (std::size_t tag = 0; tag < subscribers_.size(); ++tag) {
        if (auto& who = subscribers_[tag]; who.stalled) {
            who.stalled = false;
            ++groups_[who.group].awake;
            ++unopened_;
            watch(who.link.fd(), static_cast<std::uint32_t>(tag), EPOLLIN);
        }
    }
    last_progress_ = now_ns();
}

void crowd::watch(int fd, std::uint32_t tag, std::uint32_t events) {
    epoll_event event{};
    event.events = events | EPOLLET | EPOLLRDHUP;
    event.data.u32 = tag;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

void crowd::publish(std::size_t index, std::uint64_t due) {
    auto& in = rooms_[index];
    complete_rooms_ -= in.lacking == 0 ? 1 : 0;
    auto const group = index / options_.together;
    in.lacking = groups_[group].awake;
    auto& who = publishers_[group % publishers_.size()];
    who.queue.push_back({index, ++in.published, due});
    ++unanswered_;
    pump(who);
}

void crowd::step(std::uint64_t timeout_ns) {
    std::array<epoll_event, 512> events;
    timespec const timeout{static_cast<time_t>(timeout_ns / 1'000'000'000),
                           static_cast<long>(timeout_ns % 1'000'000'000)};
    auto const ready = ::epoll_pwait2(epoll_, events.data(), events.size(), &timeout, nullptr);
    if (ready < 0 && errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "epoll_pwait2");
    }
    for (int index = 0; index < ready; ++index) {
        auto const& event = events[static_cast<std::size_t>(index)];
        if (event.data.u32 < subscribers_.size()) {
            auto& who = subscribers_[event.data.u32];
            auto const ending = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
            options_.transport == transport_kind::poll ? read_subscriber(who, ending) : read_stream(who, ending);
        } else {
            read_publisher(publishers_[event.data.u32 - subscribers_.size()]);
        }
    }
    check_progress();
}

void crowd::check_progress() {
    if (complete()) {
        return;
    }
    auto const silent = now_ns() - last_progress_;
    if (static_cast<double>(silent) > options_.stall * 1e9) {
        throw std::runtime_error(describe_stall());
    }
}
void crowd::subscribe(subscriber& who) {
    request_.clear();
    dialect_.subscribe(request_, groups_[who.group].target, who.cursor);
    who.link.send(request_);
}

void crowd::pump(publisher& who) {
    request_.clear();
    while (who.unanswered < options_.pipeline && !who.queue.empty()) {
        auto const& next = who.queue.front();
        message_body{next.room, next.number, next.due}.write(body_, options_.body_bytes);
        dialect_.publish(request_, rooms_[next.room].name, body_);
        who.queue.pop_front();
        ++who.unanswered;
    }
    if (!request_.empty()) {
        // Progress is measured from what was asked last, so that a pause of ours is none of the server.
        last_progress_ = now_ns();
        who.link.send(request_);
    }
}
std::uint64_t crowd::lost() const {
    std::uint64_t lost = 0;
    for (auto const& who : subscribers_) {
        for (std::size_t index = 0; index < options_.together && !who.stalled; ++index) {
            auto const published = rooms_[who.group * options_.together + index].published;
            auto const& order = who.rooms[index].order;
            lost += order.missing() + (published + 1 > order.due() ? published + 1 - order.due() : 0);
        }
    }
    return lost;
}

std::string crowd::describe_stall() const {
    for (auto const& in : rooms_) {
        if (in.lacking != 0 && unopened_ == 0) {
            return fmt::format("nothing moves for {} s: message {} of room {} has not come to {} of {} subscribers",
                               options_.stall, in.published, in.name, in.lacking,
                               groups_[static_cast<std::size_t>(&in - rooms_.data()) / options_.together].awake);
        }
    }
    return fmt::format("nothing moves for {} s: {} streams are not open, {} publishes are unanswered", options_.stall,
                       unopened_, unanswered_);
}

}  // namespace anteroom::bench
