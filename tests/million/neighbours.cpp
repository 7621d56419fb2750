#include "neighbours.hpp"

#include "crowd.hpp"
#include <anteroom/bench/answer.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace anteroom::million {

namespace {

constexpr std::string_view room = "parlour";

}  // namespace

neighbours::neighbours(house& at) : publisher_(at), poll_(poll_of(room)) {
    end_.connect(at, *this);
    end_.send(poll_);
    while (at.waiting_in(room) == 0)
        at.turn();
}

void neighbours::go_on() {
    if (under_way())
        return;
    sent_at_ = clock::now();
    publisher_.publish(room, fmt::format("number {}", ++sent_));
}

void neighbours::received(far_end& on, std::string_view bytes) {
    longest_ = std::max(longest_, clock::now() - sent_at_);
    bench::answer got;
    bool const whole = bench::is_answer(bytes, got);
    if (!whole || got.status != 200 || got.last_event_id.empty() || got.body != fmt::format("number {}", got_ + 1)) {
        if (failure_.empty())
            failure_ = fmt::format("the small room's subscriber got: {}", bytes.substr(0, 100));
        return;
    }
    ++got_;
    poll_ = poll_of(room, got.last_event_id);
    on.send(poll_);
}

void neighbours::hang_up() {
    publisher_.hang_up();
    end_.hang_up();
}

}  // namespace anteroom::million
