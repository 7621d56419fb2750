#include "publisher.hpp"

#include <anteroom/bench/answer.hpp>

#include <fmt/format.h>

namespace anteroom::million {

void publisher::publish(std::string_view room, std::string_view text) {
    if (!end_.is_open())
        end_.connect(house_, *this);
    under_way_ = true;
    request_ = fmt::format(
        "POST /room/{}/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{}",
        room, text.size(), text);
    end_.send(request_);
}

void publisher::hang_up() {
    if (end_.is_open())
        end_.hang_up();
}

void publisher::received(far_end& /*on*/, std::string_view bytes) {
    bench::answer got;
    bool const whole = bench::is_answer(bytes, got);
    if ((!whole || got.status != 201) && failure_.empty())
        failure_ = fmt::format("a publish was answered: {}", bytes.substr(0, 100));
    receipt_ = whole ? got.body : std::string_view();
    under_way_ = false;
}

}  // namespace anteroom::million
