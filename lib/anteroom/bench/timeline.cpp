#include <anteroom/bench/timeline.hpp>

#include <utility>

namespace anteroom::bench {

void timeline::update(std::uint64_t now, std::uint64_t deliveries, std::uint64_t published) {
    if (now - last_ < span_)
        return;
    auto const seconds = static_cast<double>(now - std::exchange(last_, now)) / 1e9;
    auto const more = [&](std::uint64_t& before, std::uint64_t total) {
        return static_cast<double>(total - std::exchange(before, total)) / seconds;
    };
    sample one;
    one.seconds = static_cast<double>(now - start_) / 1e9;
    one.deliveries = more(deliveries_, deliveries);
    one.published = more(published_, published);
    one.cores = more(cpu_, server_.cpu_ns()) / 1e9;
    one.memory = server_.anonymous_bytes();
    samples_.push_back(one);
}

}  // namespace anteroom::bench
