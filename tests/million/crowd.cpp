#include "crowd.hpp"

#include <anteroom/bench/answer.hpp>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace anteroom::million {

std::string poll_of(std::string_view room, std::string_view after) {
    return fmt::format(
        "GET /room/{}/subscribe{}{} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: crowd\r\nAccept: */*\r\n"
        "Connection: keep-alive\r\n\r\n",
        room, after.empty() ? "" : "?after=", after);
}

crowd::crowd(house& at, std::size_t size, std::string_view room)
    : house_(at), room_(room), first_poll_(poll_of(room)), answers_(size), ends_(size) {}

// From within the loop, where an acceptor starts its sessions: outside of it each would be posted first.
void crowd::come(std::size_t count) {
    asio::post(house_.home.io(), [this, count] {
        for (std::size_t i = 0; i < count && come_ < size(); ++i) {
            auto& next = ends_[come_++];
            next.connect(house_, *this);
            next.send(first_poll_);
        }
    });
}

void crowd::received(far_end& on, std::string_view bytes) {
    auto const who = number_of(on);
    auto fault = bytes == checked_ ? std::string() : fault_of(bytes);
    if (++answers_[who] > 1)
        fault = "the message came again";
    if (!fault.empty()) {
        if (failure_.empty())
            failure_ = fmt::format("subscriber {}: {}", who, fault);
        return;
    }
    ++answered_;
    on.send(next_poll_);
}

void crowd::closed(far_end& on) noexcept {
    if (failure_.empty())
        failure_ = fmt::format("subscriber {}: the server has closed the connection", number_of(on));
}

std::string crowd::fault_of(std::string_view bytes) {
    bench::answer got;
    bool const whole = bench::is_answer(bytes, got);
    if (!whole || got.status != 200)
        return fmt::format("no message but {}", bytes.substr(0, 100));
    if (text_.empty() || got.body != text_)
        return fmt::format("not the message but {}", got.body);
    if (got.last_event_id.empty())
        return "a message without a cursor";
    if (cursor_.empty()) {
        cursor_ = got.last_event_id;
        next_poll_ = poll_of(room_, cursor_);
    } else if (got.last_event_id != cursor_) {
        return fmt::format("the cursor {} where others have {}", got.last_event_id, cursor_);
    }
    checked_ = bytes;
    return {};
}

void crowd::hang_up() {
    for (std::size_t i = 0; i < come_; ++i)
        ends_[i].hang_up();
}

}  // namespace anteroom::million
