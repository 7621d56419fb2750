#include "schedule.hpp"

#include <deque>

namespace anteroom::simulation {

namespace {

// The last steps, told when something went wrong.
class trace {
  public:
    void add(std::string step) {
        steps_.push_back(std::to_string(++count_) + " " + std::move(step));
        if (steps_.size() > 60)
            steps_.pop_front();
    }
    std::string text() const {
        std::string out;
        for (auto const& each : steps_)
            out += "\n  " + each;
        return out;
    }

  private:
    std::deque<std::string> steps_;
    std::size_t count_ = 0;
};

// Most servers evict by what the model can follow; some by memory, or by age so short that rooms are forgotten.
hub_options some_options(dice& chance) {
    hub_options out;
    if (chance.chance(70))
        out.history.messages = static_cast<std::size_t>(chance.between(1, 20));
    if (chance.chance(30))
        out.history.bytes = static_cast<std::size_t>(chance.between(1, 10'000));
    if (chance.chance(15))
        out.memory = static_cast<std::size_t>(chance.between(1000, 20'000));
    else if (chance.chance(20))
        out.history.age = milliseconds(chance.chance(50) ? 0 : chance.between(1, 5));
    return out;
}

// Until the clock that rooms are swept by has moved.
void let_time_pass() {
    auto const now = steady_now();
    while (steady_now() == now)
        continue;
}

std::string name(world& in, client const& who) {
    std::size_t index = 0;
    while (in.clients()[index].get() != &who)
        ++index;
    return "client " + std::to_string(index) + " of " + room_name(who.room);
}

void step(world& in, dice& chance, bool time_matters, trace& done) {
    auto& who = *chance.one_of(in.clients());
    auto const room = static_cast<std::size_t>(chance.below(world::room_count));
    auto const shard = static_cast<std::size_t>(chance.below(in.shard_count()));
    auto const what = chance.below(100);
    if (what < 25) {
        for (auto count = chance.chance(80) ? 1 : chance.between(2, 30); count > 0; --count) {
            auto const size = static_cast<std::size_t>(chance.below(chance.chance(3) ? 30'000 : 200));
            done.add("publish to " + room_name(room) + " on shard " + std::to_string(shard) + ", " +
                     std::to_string(size) + " bytes");
            in.publish(room, shard, size);
        }
    } else if (what < 60) {
        auto const most = static_cast<std::size_t>(chance.between(1, 12));
        done.add("run shard " + std::to_string(shard) + ", " + std::to_string(most) + " handlers");
        in.run(shard, most);
    } else if (what < 64) {
        auto const bytes = static_cast<std::size_t>(chance.chance(30) ? 1'000'000 : chance.below(2000));
        done.add("evict " + std::to_string(bytes) + " bytes of " + room_name(room));
        in.evict(room, bytes);
    } else if (what < 68) {
        done.add("sweep");
        if (time_matters && chance.chance(20))
            let_time_pass();
        in.sweep();
    } else if (what < 69) {
        done.add("restart");
        in.restart();
    } else if (who.answer) {
        bool const lose = chance.chance(15);
        done.add(name(in, who) + (lose ? " loses " : " gets ") + describe(*who.answer));
        in.deliver(who, lose);
    } else if (who.polling) {
        auto const why = chance.chance(50) ? interruption::hung_up : interruption::timed_out;
        done.add(name(in, who) + (why == interruption::hung_up ? " hangs up" : " has waited long enough"));
        if (chance.chance(30))
            in.interrupt(who, why);
    } else {
        if (chance.chance(8))
            in.move(who);
        done.add(name(in, who) + " polls after " + (who.after ? to_string(*who.after) : "now"));
        in.start_poll(who, !chance.chance(10));
    }
}

}  // namespace

std::string play(std::uint64_t seed, encounters& met) {
    dice chance(seed);
    auto const options = some_options(chance);
    trace done;
    done.add("messages " + std::to_string(options.history.messages) + ", bytes " +
             std::to_string(options.history.bytes) + ", age " + std::to_string(options.history.age.count()) +
             " ms, memory " + std::to_string(options.memory));
    bool const time_matters = options.history.age < std::chrono::seconds(1);
    try {
        world in(options, chance.between(1, 2), chance.between(1, 8), chance, met);
        for (auto steps = chance.between(50, 250); steps > 0; --steps)
            step(in, chance, time_matters, done);
        done.add("settle");
        in.settle();
    } catch (broken_promise const& broken) {
        return broken.what() + done.text();
    }
    return {};
}

}  // namespace anteroom::simulation
