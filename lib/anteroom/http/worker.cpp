#include <anteroom/http/response.hpp>
#include <anteroom/http/worker.hpp>

#include <boost/asio/post.hpp>
#include <fmt/chrono.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace anteroom::http {

namespace {

constexpr std::size_t pooled_buffers = 8;
// However small the memory is: what a few connections need.
std::size_t most_held(options const& with, std::size_t shards) noexcept {
    constexpr std::size_t least = std::size_t{1} << 20U;
    return std::max({with.held_memory / shards, least, static_cast<std::size_t>(8 * with.max_body)});
}

}  // namespace

class worker::drain_tour final : public portioned_work {
  public:
    explicit drain_tour(worker& of) noexcept : of_(&of) {}
    bool run_portion(std::size_t most) override { return of_ != nullptr && of_->drain_some(most); }
    void abandon() noexcept { of_ = nullptr; }

  private:
    worker* of_;
};

worker::worker(anteroom::shard& at, service& application, options const& with, std::size_t shards)
    : shard_(at),
      application_(application),
      options_(with),
      held_(at, with.meter != nullptr ? *with.meter : own_meter_, most_held(with, shards)),
      tour_(std::make_shared<drain_tour>(*this)) {
    buffers_.reserve(pooled_buffers);
    constexpr std::size_t at_once = 64;
    at.set_relief([this] { held_.relieve(at_once); });
}

worker::~worker() {
    shard_.set_relief({});
    tour_->abandon();
}

void worker::refresh_date() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec == date_second_)
        return;
    // IMF-fixdate (RFC 9110, 5.6.7): English names, whatever the locale.
    std::tm const utc = fmt::gmtime(now.tv_sec);
    date_ = fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", utc);
    for (auto& [status, line] : lines_)
        status = 0;
    date_second_ = now.tv_sec;
}

std::string_view worker::status_line(unsigned status) {
    refresh_date();
    for (auto const& [of, line] : lines_) {
        if (of == status)
            return line;
    }
    auto& [of, line] = lines_[next_line_++ % lines_.size()];
    of = 0;  // without memory for the line it is nobody's
    line = fmt::format("HTTP/1.1 {} {}\r\n{}", status, reason(status), date_);
    of = status;
    return line;
}

std::span<char> input_buffer::make_room() noexcept {
    if (begin > 0) {
        std::memmove(bytes.data(), bytes.data() + begin, end - begin);
        end -= std::exchange(begin, 0);
    }
    return std::span(bytes).subspan(end);
}

void input_buffer::append(std::string_view text) noexcept {
    auto const room = make_room();
    auto const count = std::min(room.size(), text.size());
    std::memcpy(room.data(), text.data(), count);
    end += count;
}

std::unique_ptr<input_buffer> worker::borrow_buffer() {
    if (buffers_.empty())
        // Uninitialised: the buffer is overwritten anyway.
        return std::make_unique_for_overwrite<input_buffer>();
    auto buffer = std::move(buffers_.back());
    buffers_.pop_back();
    return buffer;
}

void worker::give_back(std::unique_ptr<input_buffer> buffer) noexcept {
    if (buffers_.size() >= pooled_buffers)
        return;
    buffer->begin = buffer->end = 0;
    buffers_.push_back(std::move(buffer));
}

bool worker::may_report_tls() noexcept {
    constexpr std::int64_t apart = 1000;
    auto const now = steady_now();
    if (tls_reported_ && now - *tls_reported_ < apart)
        return false;
    tls_reported_ = now;
    return true;
}

void worker::add(member& started) noexcept {
    shard_.count(counter::connections_opened);
    // During a drain each knows of it from the start.
    if (draining_)
        sessions_.push_front(started);
    else
        sessions_.push_back(started);
    ++count_;
}

void worker::remove(member& ended) noexcept {
    shard_.count(counter::connections_closed);
    auto const next = sessions_.erase(sessions_.iterator_to(ended));
    if (next_to_drain_ == &ended)
        next_to_drain_ = next == sessions_.end() ? nullptr : &*next;
    if (--count_ == 0 && on_empty_)
        on_empty_(on_empty_argument_);
}

void worker::drain() {
    draining_ = true;
    next_to_drain_ = sessions_.empty() ? nullptr : &sessions_.front();
    shard_.run_in_portions(tour_);
}

bool worker::drain_some(std::size_t most) {
    for (; most > 0 && next_to_drain_ != nullptr; --most) {
        auto& which = *next_to_drain_;
        auto const next = std::next(sessions_.iterator_to(which));
        next_to_drain_ = next == sessions_.end() ? nullptr : &*next;
        which.drain();
    }
    return next_to_drain_ != nullptr;
}

void worker::abort() {
    for (auto at = sessions_.begin(); at != sessions_.end();)
        (at++)->abort();
}

void worker::on_empty(void (*call)(void*), void* with) {
    on_empty_ = call;
    on_empty_argument_ = with;
    if (count_ == 0)
        asio::post(shard_.io(), [call, with] { call(with); });
}

}  // namespace anteroom::http
