#include "schedule.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>

namespace anteroom::simulation {

namespace {

// The last steps, reported on failure.
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

// Most servers evict by limits that the model can follow; some by memory, or by an age so short that rooms are
// discarded.
hub_options some_options(dice& chance) {
    hub_options out;
    if (chance.chance(70))
        out.history.messages = static_cast<std::size_t>(chance.between(1, 20));
    if (chance.chance(30))
        out.history.bytes = static_cast<std::size_t>(chance.between(1, 10'000));
    if (chance.chance(15))
        out.memory = static_cast<std::size_t>(chance.between(1000, 40'000));
    else if (chance.chance(20))
        out.history.age = milliseconds(chance.chance(50) ? 0 : chance.between(1, 5));
    return out;
}

// Waits until the clock that sweeps use has advanced.
void let_time_pass() {
    auto const now = steady_now();
    while (steady_now() == now)
        continue;
}

std::string name(world& in, client const& who) {
    static constexpr std::array<std::string_view, 4> forms = {"raw", "JSON", "NDJSON", "SSE"};
    std::size_t index = 0;
    while (in.clients()[index].get() != &who)
        ++index;
    std::string out = "client " + std::to_string(index) + " (" + std::string(forms[static_cast<std::size_t>(who.as)]) +
                      (who.several ? "" : ", plain") + ", limit " + std::to_string(who.limit) + ", rooms";
    for (auto const room : who.rooms)
        out += " " + std::to_string(room);
    return out + ")";
}

std::vector<std::size_t> some_rooms(world& in, dice& chance) {
    std::vector<std::size_t> out(in.room_count());
    std::iota(out.begin(), out.end(), std::size_t{0});
    auto const count = chance.chance(70) ? 1 : chance.between(1, std::min<std::size_t>(6, out.size()));
    for (std::size_t i = 0; i < count; ++i)
        std::swap(out[i], out[static_cast<std::size_t>(chance.between(i, out.size() - 1))]);
    out.resize(static_cast<std::size_t>(count));
    return out;
}

void publish(world& in, dice& chance, std::size_t shard, trace& done) {
    for (auto times = chance.chance(80) ? 1 : chance.between(2, 20); times > 0; --times) {
        auto const to = some_rooms(in, chance);
        auto const count = static_cast<std::size_t>(chance.chance(80) ? 1 : chance.between(2, 8));
        auto const size = static_cast<std::size_t>(chance.below(chance.chance(3) ? 30'000 : 200));
        std::string told;
        for (auto const room : to)
            told += " " + std::to_string(room);
        done.add("publish " + std::to_string(count) + " of " + std::to_string(size) + " bytes on shard " +
                 std::to_string(shard) + " to rooms" + told);
        in.publish(to, shard, count, size);
    }
}

// A client's next step: it receives pieces in transit, or loses them, or keeps waiting, or sends a request.
void act(world& in, dice& chance, client& who, trace& done) {
    if (!who.wire.empty()) {
        if (chance.chance(12)) {
            done.add(name(in, who) + " loses " + std::to_string(who.wire.size()) + " pieces");
            in.cut(who);
            return;
        }
        auto const most = static_cast<std::size_t>(chance.between(1, 10));
        done.add(name(in, who) + " gets up to " + std::to_string(most) + " of " + std::to_string(who.wire.size()) +
                 " pieces");
        in.deliver(who, most);
    } else if (who.asking) {
        auto const why = chance.chance(50) ? interruption::hung_up : interruption::timed_out;
        if (!chance.chance(30))
            return;
        done.add(name(in, who) + (why == interruption::hung_up ? " hangs up" : " has waited long enough"));
        in.interrupt(who, why);
    } else {
        in.change(who);
        if (chance.chance(8))
            in.move(who);
        done.add(name(in, who) + " asks after " + who.after().value_or("now"));
        in.start(who, !chance.chance(10));
    }
}

void step(world& in, dice& chance, bool time_matters, trace& done) {
    auto const room = static_cast<std::size_t>(chance.below(in.room_count()));
    auto const shard = static_cast<std::size_t>(chance.below(in.shard_count()));
    auto const what = chance.below(100);
    if (what < 22) {
        publish(in, chance, shard, done);
    } else if (what < 30) {
        auto const most = chance.between(1, 6);
        done.add("commit up to " + std::to_string(most) + " publications on shard " + std::to_string(shard));
        for (std::uint64_t i = 0; i < most; ++i)
            in.commit(shard);
    } else if (what < 33) {
        done.add("read the history of room " + std::to_string(room));
        in.page(room);
    } else if (what < 35) {
        done.add("rest");
        in.rest();
    } else if (what < 59) {
        auto const most = static_cast<std::size_t>(chance.between(1, 12));
        done.add("run shard " + std::to_string(shard) + ", " + std::to_string(most) + " handlers");
        in.run(shard, most);
    } else if (what < 62) {
        auto const bytes = static_cast<std::size_t>(chance.chance(30) ? 1'000'000 : chance.below(2000));
        done.add("evict " + std::to_string(bytes) + " bytes of room " + std::to_string(room));
        in.evict(room, bytes);
    } else if (what < 65) {
        done.add("delete room " + std::to_string(room) + " on shard " + std::to_string(shard));
        in.drop(room, shard);
    } else if (what < 68) {
        done.add("sweep");
        if (time_matters && chance.chance(20))
            let_time_pass();
        in.sweep();
    } else if (what < 69) {
        done.add("restart");
        in.restart();
    } else {
        act(in, chance, *chance.one_of(in.clients()), done);
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
        auto const rooms = chance.chance(50) ? chance.between(1, 4) : chance.between(1, world::most_rooms);
        auto const shards = chance.between(1, 2);
        world in(options, static_cast<std::size_t>(rooms), static_cast<std::size_t>(shards),
                 static_cast<std::size_t>(chance.between(1, 8)), chance, met);
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
