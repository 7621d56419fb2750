#include <anteroom/bench/crowd_run.hpp>

#include <algorithm>
#include <exception>

namespace anteroom::bench {

namespace {

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t second = 1'000 * millisecond;
// So much sent to each fills the sockets of those that do not read.
constexpr std::size_t stalling_bytes = 256 * 1024;
// Of an idle run: how often memory is sampled while subscribers connect.
constexpr std::size_t memory_steps = 10;
// Of an open loop that is behind its schedule: after so many messages it reads what has arrived.
constexpr std::size_t read_period = 16;

}  // namespace

void crowd_run::step(std::uint64_t timeout) {
    all_.step(std::min(timeout, 100 * millisecond));
    watch_.update(all_.counts().deliveries, all_.counts().published);
}

void crowd_run::step_until(std::uint64_t end) {
    for (auto now = now_ns(); now < end; now = now_ns())
        step(end - now);
}

// Steps until the server is idle: it sleeps at each of five samples, and uses less than one percent of a CPU. CPU time
// alone does not show that: a server that gets no core uses none either.
void crowd_run::settle() {
    auto const& server = watch_.server();
    if (!server.known()) {
        step_until(now_ns() + second);
        return;
    }
    for (auto const give_up = now_ns() + 30 * second; now_ns() < give_up;) {
        auto const before = server.cpu_ns();
        bool rest = true;
        for (int sample = 0; sample < 5; ++sample) {
            step_until(now_ns() + 20 * millisecond);
            rest = server.at_rest() && rest;
        }
        if (rest && server.cpu_ns() - before < millisecond)
            return;
    }
}

// Steps until every subscriber has every published message.
void crowd_run::finish() {
    while (!all_.complete())
        step(100 * millisecond);
}

void crowd_run::gather() {
    all_.connect(all_.planned());
    all_.subscribe_all();
    finish();
    settle();
}

void crowd_run::start() {
    all_.record_from(now_ns());
    watch_.start(all_.counts().deliveries, all_.counts().published);
}

void crowd_run::stop() {
    watch_.stop(result_, all_.counts().deliveries, all_.counts().published);
}

void crowd_run::publish_everywhere() {
    for (std::size_t room = 0; room < options_.rooms; ++room)
        all_.publish(room, now_ns());
    finish();
}

void crowd_run::publish_each_group() {
    for (std::size_t room = 0; room < options_.rooms; room += options_.together)
        all_.publish(room, now_ns());
}

std::uint64_t crowd_run::warm() {
    gather();
    for (int round = 0; round < 16; ++round)
        publish_everywhere();
    return watch_.server().private_bytes();
}

void crowd_run::closed() {
    gather();
    if (options_.messages != 0) {
        start();
        all_.repeat(options_.messages);
        publish_each_group();
        finish();
        stop();
        return;
    }
    watch_.phase("warm up");
    all_.repeat();
    publish_each_group();
    step_until(now_ns() + to_ns(options_.warm_up));
    auto const groups = options_.rooms / options_.together;
    while (options_.stalled != 0 && all_.counts().published * options_.body_bytes < groups * stalling_bytes)
        step(second);
    start();
    step_until(now_ns() + to_ns(options_.seconds));
    stop();
    all_.repeat(0);
    finish();
}

void crowd_run::open() {
    gather();
    auto const count = options_.messages != 0 ? options_.messages * options_.rooms : crowd::unlimited;
    watch_.phase("warm up");
    auto const begin = now_ns();
    auto const due = [&](std::uint64_t index) {
        auto const of_burst = index - index % options_.burst;
        return begin + to_ns(static_cast<double>(of_burst) / options_.rate);
    };
    std::uint64_t index = 0;
    std::uint64_t read_at = 0;
    auto const offer = [&](std::uint64_t end) {
        while (index < count && due(index) < end) {
            auto const at = due(index);
            for (auto now = now_ns(); now < at; now = now_ns())
                step(at - now);
            do {
                all_.enqueue(index % options_.rooms, at);
                ++index;
            } while (index % options_.burst != 0 && index < count);
            all_.send_queued();
            if (index - read_at >= read_period) {
                read_at = index;
                step(0);
            }
        }
    };
    if (options_.messages == 0)
        offer(begin + to_ns(options_.warm_up));
    start();
    offer(options_.messages == 0 ? begin + to_ns(options_.warm_up + options_.seconds) : crowd::unlimited);
    finish();
    stop();
}

void crowd_run::publish() {
    if (options_.messages != 0) {
        start();
        all_.keep_publishing(options_.messages);
        finish();
        stop();
        return;
    }
    watch_.phase("warm up");
    all_.keep_publishing();
    step_until(now_ns() + to_ns(options_.warm_up));
    start();
    step_until(now_ns() + to_ns(options_.seconds));
    stop();
    all_.keep_publishing(0);
    finish();
}

void crowd_run::backlog() {
    watch_.phase("publish");
    auto const messages = options_.messages != 0 ? options_.messages : default_backlog;
    for (std::size_t number = 0; number < messages; ++number)
        publish_everywhere();
    watch_.phase("connect");
    all_.connect(all_.planned());
    settle();
    start();
    all_.record_from(~std::uint64_t{0});  // how old the messages are says nothing of the server
    all_.subscribe_all(true);
    finish();
    stop();
}

void crowd_run::idle() {
    std::uint64_t before = 0;
    {
        auto few = options_;
        few.rooms = few.together;
        few.subscribers = 16;
        few.stalled = 0;
        before = crowd_run(few, watch_, result_).warm();
    }
    auto const& server = watch_.server();
    auto const own = [&] {
        auto const now = server.private_bytes();
        return now > before ? now - before : 0;
    };
    std::size_t there = 0;
    result_.memory.emplace_back(0, before);
    for (std::size_t step = 1; step <= memory_steps; ++step) {
        auto const more = all_.planned() * step / memory_steps - there;
        all_.connect(more);
        all_.subscribe_all();
        there += more;
        finish();
        settle();
        result_.memory.emplace_back(there, before + own());
    }
    auto const each = [&] { return static_cast<double>(own()) / static_cast<double>(std::max<std::size_t>(there, 1)); };
    result_.bytes_a_waiter = each();
    start();
    publish_everywhere();
    settle();
    result_.bytes_a_waiter_served = each();
    stop();
}

// Stalled subscribers read from here on: each has to receive what is published from then on, and what it missed or the
// report of a gap.
void crowd_run::resume_stalled() {
    all_.record_from(~std::uint64_t{0});
    all_.resume_stalled();
    publish_everywhere();
}

void crowd_run::conclude() {
    try {
        result_.latencies = all_.latencies();
        result_.last_latencies = all_.last_latencies();
        if (options_.stalled != 0 && result_.error.empty())
            resume_stalled();
        // A repeat of the last messages would come now.
        if (result_.error.empty())
            step_until(now_ns() + 100 * millisecond);
    } catch (std::exception const& error) {
        result_.error = error.what();
    }
    result_.counts = all_.counts();
    result_.lost = all_.lost();
}

}  // namespace anteroom::bench
