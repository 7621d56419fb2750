#include <anteroom/http/worker.hpp>

#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/chrono.h>

#include <anteroom/http/response.hpp>

namespace anteroom::http {

namespace {

constexpr std::size_t pooled_buffers = 8;
constexpr std::size_t pooled_size = 32 * 1024;

}  // namespace

worker::worker(shard& at, service& application, options const& with)
    : home_(at), application_(application), options_(with) {
    buffers_.reserve(pooled_buffers);
}

worker::~worker() = default;

void worker::refresh_date() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec == date_second_)
        return;
    date_second_ = now.tv_sec;
    // IMF-fixdate (RFC 9110, 5.6.7): English names, whatever the locale.
    std::tm const utc = fmt::gmtime(now.tv_sec);
    ok_line_ = "HTTP/1.1 200 OK\r\n";
    ok_line_ += fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", utc);
}

std::string_view worker::ok_line() {
    refresh_date();
    return ok_line_;
}

std::string worker::status_line(unsigned status) {
    auto const date = ok_line().substr(ok_line_.find('\n') + 1);
    return fmt::format("HTTP/1.1 {} {}\r\n{}", status, reason(status), date);
}

std::string worker::borrow_buffer() {
    if (buffers_.empty())
        return {};
    auto buffer = std::move(buffers_.back());
    buffers_.pop_back();
    return buffer;
}

void worker::give_back(std::string&& buffer) noexcept {
    std::string returned;
    returned.swap(buffer);
    if (returned.capacity() > pooled_size || buffers_.size() >= pooled_buffers)
        return;
    returned.clear();
    buffers_.push_back(std::move(returned));
}

void worker::add(member& started) noexcept {
    sessions_.push_back(started);
    ++count_;
}

void worker::remove(member& ended) noexcept {
    sessions_.erase(sessions_.iterator_to(ended));
    if (--count_ == 0 && on_empty_)
        on_empty_(on_empty_argument_);
}

void worker::drain() {
    draining_ = true;
    for (auto at = sessions_.begin(); at != sessions_.end();)
        (at++)->drain();
}

void worker::abort() {
    for (auto at = sessions_.begin(); at != sessions_.end();)
        (at++)->abort();
}

void worker::on_empty(void (*call)(void*), void* with) noexcept {
    on_empty_ = call;
    on_empty_argument_ = with;
    if (count_ == 0)
        asio::post(home_.io(), [call, with] { call(with); });
}

}  // namespace anteroom::http
