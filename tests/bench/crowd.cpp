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
      dialect_(options.dialect, options.headers, to_.host, options.wait),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      complete_rooms_(options.rooms),
      last_progress_(now_ns()) {
    // Names of this run alone, so that a server that keeps rooms starts them anew.
    auto const run = now_ns() / 1'000 % 1'000'000'000;
    for (std::size_t index = 0; index < options.rooms; ++index) {
        rooms_.push_back({fmt::format("b{}-{}", run, index)});
    }
    auto const publishers = options.publishers != 0 ? options.publishers : std::min<std::size_t>(options.rooms, 1000);
    auto const subscribers = options.rooms * options.subscribers;
    publishers_.reserve(publishers);
    for (std::size_t index = 0; index < publishers; ++index) {
        publishers_.push_back({connection(to_, subscribers + index), 0, {}});
        watch(publishers_.back().link.fd(), static_cast<std::uint32_t>(subscribers + index), EPOLLIN | EPOLLOUT);
    }
    subscribers_.reserve(subscribers);
    for (std::size_t index = 0; index < subscribers; ++index) {
        subscribers_.push_back({connection(to_, index), index % options.rooms, {}, {}});
        watch(subscribers_.back().link.fd(), static_cast<std::uint32_t>(index), EPOLLIN);
        poll(subscribers_.back());
    }
}

crowd::~crowd() {
    ::close(epoll_);
}

void crowd::watch(int fd, std::uint32_t tag, std::uint32_t events) {
    epoll_event event{};
    event.events = events | EPOLLET;
    event.data.u32 = tag;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

void crowd::publish(std::size_t index, std::uint64_t due) {
    auto& in = rooms_[index];
    complete_rooms_ -= in.lacking == 0 ? 1 : 0;
    in.lacking = options_.subscribers;
    auto& who = publishers_[index % publishers_.size()];
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
            read_subscriber(subscribers_[event.data.u32]);
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

void crowd::poll(subscriber& who) {
    request_.clear();
    dialect_.poll(request_, rooms_[who.room].name, who.cursor);
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

void crowd::read_subscriber(subscriber& who) {
    for (bool more = true; more;) {
        auto bytes = who.link.receive(more);
        if (bytes.empty()) {
            return;
        }
        answer got;
        auto const state = read_answer(bytes, got);
        if (state == answer_state::incomplete) {
            who.link.keep(bytes);
            continue;
        }
        if (state == answer_state::malformed || got.size != bytes.size()) {
            throw std::runtime_error(fmt::format("a poll of room {} got {}: {:.300}", rooms_[who.room].name,
                                                 state == answer_state::malformed ? "a malformed answer"  //
                                                                                  : "more than one answer",
                                                 bytes));
        }
        on_polled(who, got);
    }
}

void crowd::read_publisher(publisher& who) {
    who.link.flush();
    for (bool more = true; more;) {
        auto bytes = who.link.receive(more);
        while (!bytes.empty()) {
            answer got;
            auto const state = read_answer(bytes, got);
            if (state == answer_state::incomplete) {
                who.link.keep(bytes);
                break;
            }
            if (state == answer_state::malformed || who.unanswered == 0) {
                throw std::runtime_error(fmt::format("a publish got a malformed answer: {:.300}", bytes));
            }
            on_published(who, got);
            bytes.remove_prefix(got.size);
        }
    }
    pump(who);
}

void crowd::on_polled(subscriber& who, answer const& got) {
    auto const outcome = dialect_.judge(got);
    if (outcome == poll_outcome::refused || got.close) {
        throw std::runtime_error(fmt::format("a poll of room {} was answered {}{}: {:.300}", rooms_[who.room].name,
                                             got.status, got.close ? " and closed" : "", got.body));
    }
    dialect_.remember(got, who.cursor);
    if (outcome == poll_outcome::message && who.cursor.empty()) {
        throw std::runtime_error("a message came without a cursor");
    }
    poll(who);
    if (outcome == poll_outcome::message) {
        on_message(who, got);
    } else {
        ++counts_.empty_polls;
    }
}

void crowd::on_message(subscriber& who, answer const& got) {
    message_body body;
    if (!body.read(got.body, options_.body_bytes) || body.room != who.room) {
        throw std::runtime_error(
            fmt::format("room {} got what was never published there: {:.300}", rooms_[who.room].name, got.body));
    }
    auto const now = now_ns();
    auto& in = rooms_[who.room];
    if (!got.gap.empty()) {
        auto const gap = read_gap(got.gap);
        auto const before = who.order.due();
        gap.counted ? who.order.skip(gap.missed) : who.order.skip_to(body.number);
        ++counts_.gaps;
        counts_.told += who.order.due() - before;
    }
    auto const verdict = who.order.take(body.number);
    ++counts_.deliveries;
    last_progress_ = now;
    if (body.due >= record_from_) {
        latencies_.record(now - body.due);
    }
    if (verdict == sequence::verdict::repeated || verdict == sequence::verdict::late) {
        ++(verdict == sequence::verdict::late ? counts_.late : counts_.repeated);
        return;
    }
    if (body.number == in.published && --in.lacking == 0) {
        ++complete_rooms_;
        if (repeat_) {
            publish(who.room, now);
        }
    }
}

void crowd::on_published(publisher& who, answer const& got) {
    if (!dialect_.accepted(got) || got.close) {
        throw std::runtime_error(fmt::format("a publish was answered {}: {:.300}", got.status, got.body));
    }
    --who.unanswered;
    --unanswered_;
    ++counts_.published;
    last_progress_ = now_ns();
}

std::uint64_t crowd::lost() const {
    std::uint64_t lost = 0;
    for (auto const& who : subscribers_) {
        auto const published = rooms_[who.room].published;
        lost += who.order.missing() + (published + 1 > who.order.due() ? published + 1 - who.order.due() : 0);
    }
    return lost;
}

std::string crowd::describe_stall() const {
    for (auto const& in : rooms_) {
        if (in.lacking != 0) {
            return fmt::format("nothing moves for {} s: message {} of room {} has not come to {} of {} subscribers",
                               options_.stall, in.published, in.name, in.lacking, options_.subscribers);
        }
    }
    return fmt::format("nothing moves for {} s: {} publishes are unanswered", options_.stall, unanswered_);
}

}  // namespace anteroom::bench
