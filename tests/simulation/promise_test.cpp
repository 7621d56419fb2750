// The delivery guarantee: a client that follows its cursor gets every message once and in order, or is notified of the
// gap.
#include "plan.hpp"
#include "schedule.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::simulation;

TEST_CASE("received and reported as missed is what was published, in every schedule") {
    auto const run = plan_from_environment(300);
    encounters met;
    for (std::size_t i = 0; i < run.schedules; ++i) {
        auto const seed = run.first_seed + i;
        INFO("replay it with ANTEROOM_SEED=" << seed);
        REQUIRE(play(seed, met) == "");
    }
    // A simulation that does not cover these cases proves nothing.
    if (run.schedules >= 300) {
        auto const some = run.schedules / 10;
        CHECK(met.delivered > run.schedules);
        CHECK(met.waits > run.schedules);
        CHECK(met.evicted > some);
        CHECK(met.restarted > some);
        CHECK(met.deleted > some);
        CHECK(met.drops > some);
        CHECK(met.hang_ups > some);
        CHECK(met.lost > some);
        CHECK(met.rebirths > 0);
        CHECK(met.refused > 0);
        CHECK(met.restarts > some);
        CHECK(met.batches > some);
        CHECK(met.to_several > some);
        CHECK(met.announced_later > some);
        CHECK(met.committed_later > run.schedules);
        CHECK(met.publishers_at_once > some);
        CHECK(met.out_of_order > some);
        CHECK(met.made_others_readable > some);
        CHECK(met.of_ended_lives > some);
        CHECK(met.looks_while_pending > run.schedules);
        CHECK(met.pages > run.schedules);
        CHECK(met.pages_while_pending > some);
        CHECK(met.rests_while_pending > some);
        CHECK(met.woken_by_commit > some);
        CHECK(met.drops_while_pending > some);
        CHECK(met.evictions_while_pending > some);
        CHECK(met.restarts_while_pending > some);
        CHECK(met.taken_in_part > some);
        CHECK(met.stalls > some);
        CHECK(met.many_rooms > some);
        CHECK(met.several_gaps > some);
        for (auto const requests : met.forms)
            CHECK(requests > run.schedules);
        CHECK(met.plain > some);
        CHECK(met.form_changes > run.schedules);
        CHECK(met.room_changes > run.schedules);
    }
}

TEST_CASE("a seed reproduces its schedule") {
    encounters once;
    encounters again;
    // One in which what is evicted depends neither on memory nor on the clock.
    CHECK(play(1, once) == "");
    CHECK(play(1, again) == "");
    CHECK(once.delivered == again.delivered);
    CHECK(once.waits == again.waits);
    CHECK(once.evicted == again.evicted);
    CHECK(once.deleted == again.deleted);
    CHECK(once.forms == again.forms);
}
