// A room's history against the model, with simulated time: thousands of random lives, compared at every step.
#include "dice.hpp"
#include "log_model.hpp"
#include "plan.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::simulation;

namespace {

cursor some_cursor(dice& chance, history const& of, std::vector<std::uint64_t> const& epochs) {
    switch (chance.below(9)) {
        case 4:
            return {chance.one_of(epochs), chance.below(12)};
        case 0:
            return {};
        case 1:
            return of.end();
        case 2:
            return {of.epoch() + chance.between(1, 2), chance.below(10)};
        case 3:
            return {of.epoch(), of.last() + chance.between(1, 3)};
        default:
            return {of.epoch(), chance.between(0, of.last())};
    }
}

history_limits some_limits(dice& chance) {
    history_limits out;
    if (chance.chance(70))
        out.messages = static_cast<std::size_t>(chance.between(1, 30));
    if (chance.chance(50))
        out.bytes = static_cast<std::size_t>(chance.between(1, 5000));
    if (chance.chance(50))
        out.age = milliseconds(chance.between(0, 300));
    return out;
}

// Messages that were appended to be committed later, some in lives that have ended since.
struct publication {
    cursor first;
    cursor last;
};

/// Returns how often something was committed behind what was not.
std::size_t live(std::uint64_t seed) {
    CAPTURE(seed);
    dice chance(seed);
    auto const limits = some_limits(chance);
    memory_meter meter;
    history log(chance.between(1, 5));
    log_model model(log.epoch());
    std::vector<std::uint64_t> epochs = {log.epoch()};
    std::vector<publication> uncommitted;
    std::size_t out_of_order = 0;
    auto const append = [&](std::int64_t now, commitment when) {
        std::string data(static_cast<std::size_t>(chance.below(chance.chance(5) ? 6000 : 200)), 'x');
        data += std::to_string(model.appended());
        auto const id = log.append(message::make({content::text, data, {}}, meter), now, limits, when);
        model.append(std::move(data), now, limits, when);
        REQUIRE(id == cursor{model.epoch(), model.appended()});
        return id;
    };
    std::int64_t now = 1'790'000'000'000;
    for (auto steps = chance.between(10, 120); steps > 0; --steps) {
        now += static_cast<std::int64_t>(chance.below(40));
        switch (chance.below(12)) {
            case 2:
                if (chance.chance(40)) {
                    epochs.push_back(epochs.back() + chance.between(3, 5));
                    log.restart(epochs.back());
                    model.restart(epochs.back());
                }
                break;
            case 0:
                log.expire(now, limits.age);
                model.expire(now, limits.age);
                break;
            case 1: {
                auto const bytes = static_cast<std::size_t>(chance.below(800));
                log.evict(bytes);
                model.evict(bytes);
                break;
            }
            case 3:
            case 4: {
                auto const first = append(now, commitment::later);
                auto last = first;
                for (auto more = chance.chance(30) ? chance.between(1, 3) : 0; more > 0; --more)
                    last = append(now, commitment::later);
                uncommitted.push_back({first, last});
                break;
            }
            case 5:
            case 6:
            case 7:
                if (!uncommitted.empty()) {
                    auto& chosen = chance.one_of(uncommitted);
                    bool const readable = log.commit(chosen.first, chosen.last, limits);
                    REQUIRE(readable == model.commit(chosen.first, chosen.last, limits));
                    out_of_order += !readable && chosen.last.epoch == log.epoch();
                    std::swap(chosen, uncommitted.back());
                    uncommitted.pop_back();
                }
                break;
            default:
                append(now, commitment::immediate);
        }
        REQUIRE(log.last() == model.last());
        REQUIRE(log.first() == model.gone() + 1);
        REQUIRE(log.size() == model.last() - model.gone());
        REQUIRE(log.empty() == (model.appended() == model.gone()));
        REQUIRE(log.bytes() == model.bytes());
        REQUIRE(meter.used() == model.bytes());
        auto const at = some_cursor(chance, log, epochs);
        auto const limit = static_cast<std::size_t>(chance.chance(30) ? 1 : chance.between(1, 40));
        CAPTURE(to_string(at), limit);
        REQUIRE(model.difference(log.read(at, limit), model.read(at, limit)) == "");
        auto const place = chance.chance(10) ? std::nullopt : std::optional(at);
        REQUIRE(model.difference(log.before(place, limit), model.before(place, limit)) == "");
    }
    return out_of_order;
}

}  // namespace

TEST_CASE("a history matches the model, in every life") {
    auto const run = plan_from_environment(3000);
    std::size_t out_of_order = 0;
    for (std::size_t i = 0; i < run.schedules; ++i)
        out_of_order += live(run.first_seed + i);
    if (run.schedules >= 1000)
        CHECK(out_of_order > run.schedules);
}
