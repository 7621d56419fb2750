#include <anteroom/bench/body.hpp>
#include <anteroom/bench/crowd.hpp>

#include <fmt/format.h>

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <system_error>

namespace anteroom::bench {

namespace {

constexpr std::uint32_t publisher_bit = 1U << 31U;
// What a server without cursors has not delivered after so long without any progress, it has lost.
constexpr std::uint64_t lost_after = 100'000'000;

}  // namespace

std::uint64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

crowd::crowd(load_options const& options)
    : options_(options),
      to_(endpoint::parse(options.url)),
      dialect_(dialect::make(options, to_.host)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      groups_(options.rooms / options.together),
      complete_rooms_(options.rooms),
      last_progress_(now_ns()) {
    // Names of this run alone, so that a server that keeps rooms starts them anew.
    auto const run = now_ns() / 1'000 % 1'000'000'000;
    for (std::size_t index = 0; index < options.rooms; ++index)
        rooms_.push_back({fmt::format("b{}-{}", run, index), 0, 0, 1, {}});
    subscribers_.reserve(planned());  // they do not move: what is watched names them by their place
    auto const publishers = options.publishers != 0 ? options.publishers : std::min<std::size_t>(groups_.size(), 1000);
    publishers_.reserve(publishers);
    for (std::size_t index = 0, in = 0; index < publishers; ++index, in = in + 1 < rooms_.size() ? in + 1 : 0)
        publishers_.emplace_back(in);
    connection const probe(to_, 0);  // whether anybody listens
}

crowd::~crowd() {
    ::close(epoll_);
}

bool crowd::polls() const {
    return options_.transport == transport_kind::poll || options_.transport == transport_kind::batch;
}

void crowd::connect(std::size_t more) {
    auto const live = groups_.size() * options_.subscribers;
    for (auto const end = std::min(planned(), subscribers_.size() + more); subscribers_.size() < end;) {
        auto const tag = subscribers_.size();
        // Stalled ones are among the others, wherever a server begins.
        bool const stalls = stalled_ < options_.stalled * connected_ / live;
        auto const of = (stalls ? stalled_++ : connected_++) % groups_.size();
        subscribers_.emplace_back(connection(to_, tag, stalls), of, options_.together, stalls);
        if (!stalls)
            watch(subscribers_.back().link.fd(), static_cast<std::uint32_t>(tag), EPOLLIN);
    }
}

void crowd::subscribe_all(bool from_oldest) {
    for (auto& who : subscribers_) {
        if (!who.asked)
            begin(who, from_oldest);
    }
    last_progress_ = now_ns();
}

void crowd::begin(subscriber& who, bool from_oldest) {
    std::vector<std::string_view> names;
    for (std::size_t index = 0; index < options_.together; ++index) {
        auto& in = rooms_[who.group * options_.together + index];
        names.emplace_back(in.name);
        if (!from_oldest) {
            who.rooms[index].order.skip_to(in.published + 1);
        } else if (!who.stalled && in.published > 0) {
            complete_rooms_ -= in.outstanding == 0 ? 1 : 0;
            ++in.outstanding;
        }
    }
    auto const start = dialect_->start(names, from_oldest);
    who.cursor = start.cursor;
    who.asked = true;
    if (!who.stalled) {
        ++groups_[who.group].reading;
        unopened_ += polls() ? 0 : 1;
    }
    targets_.resize(groups_.size());
    targets_[who.group] = start.target;
    subscribe(who, start.target);
}

void crowd::subscribe(subscriber& who, std::string_view target) {
    request_.clear();
    dialect_->subscribe(request_, target, who.cursor);
    who.link.send(request_);
}

void crowd::resume_stalled() {
    for (std::size_t tag = 0; tag < subscribers_.size(); ++tag) {
        if (auto& who = subscribers_[tag]; who.stalled) {
            who.stalled = false;
            ++groups_[who.group].reading;
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
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void crowd::publish(std::size_t index, std::uint64_t due) {
    auto& who = publisher_of(index);
    add_to_queue(who, index, due);
    send_ready(who);
}

void crowd::enqueue(std::size_t index, std::uint64_t due) {
    auto& who = publisher_of(index);
    add_to_queue(who, index, due);
    if (!who.listed)
        to_send_.push_back(&who);
    who.listed = true;
}

void crowd::send_queued() {
    for (auto* const who : to_send_) {
        who->listed = false;
        send_ready(*who);
    }
    to_send_.clear();
}

void crowd::keep_publishing(std::uint64_t most) {
    keep_publishing_most_ = most;
    for (auto& who : publishers_) {
        while (may_publish(who) && who.unanswered + who.queue.size() < options_.pipeline)
            add_to_queue(who, who.room, now_ns());
        send_ready(who);
    }
}

void crowd::add_to_queue(publisher& to, std::size_t index, std::uint64_t due) {
    auto& in = rooms_[index];
    if (auto const all = groups_[index / options_.together].reading; all > 0) {
        complete_rooms_ -= in.outstanding == 0 ? 1 : 0;
        in.outstanding = all;
        in.open.push_back(all);
    } else {
        ++in.first_open;
    }
    to.queue.push_back({index, ++in.published, due});
    ++unanswered_;
}

void crowd::send_ready(publisher& who) {
    request_.clear();
    while (who.unanswered < options_.pipeline && !who.queue.empty()) {
        auto const& next = who.queue.front();
        message_body{next.room, next.number, next.due}.write(body_, options_.body_bytes);
        dialect_->publish(request_, rooms_[next.room].name, body_);
        who.queue.pop_front();
        ++who.unanswered;
    }
    if (!request_.empty()) {
        // Progress is measured from what was asked last, so that a pause of ours is none of the server.
        last_progress_ = now_ns();
        connect(who).send(request_);
    }
}

connection& crowd::connect(publisher& who) {
    if (!who.link) {
        auto const index = static_cast<std::size_t>(&who - publishers_.data());
        who.link.emplace(to_, planned() + index);
        watch(who.link->fd(), publisher_bit | static_cast<std::uint32_t>(index), EPOLLIN | EPOLLOUT);
    }
    return *who.link;
}

void crowd::step(std::uint64_t timeout_ns) {
    std::array<epoll_event, 512> events;
    timespec const timeout{static_cast<time_t>(timeout_ns / 1'000'000'000),
                           static_cast<long>(timeout_ns % 1'000'000'000)};
    auto const ready = ::epoll_pwait2(epoll_, events.data(), events.size(), &timeout, nullptr);
    if (ready < 0 && errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "epoll_pwait2");
    for (int index = 0; index < ready; ++index) {
        auto const& event = events[static_cast<std::size_t>(index)];
        if ((event.data.u32 & publisher_bit) != 0) {
            read_publisher(publishers_[event.data.u32 & ~publisher_bit]);
            continue;
        }
        auto& who = subscribers_[event.data.u32];
        auto const ending = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        polls() ? read_subscriber(who, ending) : read_stream(who, ending);
    }
    check_progress();
}

void crowd::check_progress() {
    if (complete())
        return;
    auto const silent = now_ns() - last_progress_;
    if (!dialect_->resumes() && silent > lost_after && unanswered_ == 0 && unopened_ == 0)
        skip_lost();
    else if (static_cast<double>(silent) > options_.stall * 1e9)
        throw std::runtime_error(describe_stall());
}

void crowd::skip_lost() {
    for (std::size_t index = 0; index < rooms_.size(); ++index) {
        auto& in = rooms_[index];
        if (in.outstanding == 0)
            continue;
        in.outstanding = 0;
        ++complete_rooms_;
        if (in.published < repeat_most_)
            publish(index, now_ns());
    }
}

std::uint64_t crowd::lost() const {
    std::uint64_t lost = 0;
    for (auto const& who : subscribers_) {
        for (std::size_t index = 0; index < options_.together && who.asked && !who.stalled; ++index) {
            auto const published = rooms_[who.group * options_.together + index].published;
            auto const& order = who.rooms[index].order;
            lost += order.missing() + (published + 1 > order.due() ? published + 1 - order.due() : 0);
        }
    }
    return lost;
}

std::string crowd::describe_stall() const {
    for (auto const& in : rooms_) {
        if (in.outstanding != 0 && unopened_ == 0)
            return fmt::format("nothing moves for {} s: message {} of room {} has not come to {} of {} subscribers",
                               options_.stall, in.published, in.name, in.outstanding,
                               groups_[static_cast<std::size_t>(&in - rooms_.data()) / options_.together].reading);
    }
    return fmt::format("nothing moves for {} s: {} streams are not open, {} publishes are unanswered", options_.stall,
                       unopened_, unanswered_);
}

}  // namespace anteroom::bench
