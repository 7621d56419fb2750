#include <anteroom/bench/crowd_run.hpp>
#include <anteroom/bench/load.hpp>
#include <anteroom/bench/observer.hpp>
#include <anteroom/bench/storm.hpp>

#include <exception>

namespace anteroom::bench {

namespace {

void run_storm(load_options const& options, observer& watch, load_result& result, storm& all) {
    auto const until = [&](double seconds) {
        for (auto const end = now_ns() + to_ns(seconds); now_ns() < end;) {
            all.step(to_ns(0.01));
            watch.update(all.served(), 0);
        }
    };
    try {
        watch.phase("warm up");
        until(options.warm_up);
        all.record_from(now_ns());
        watch.start(all.served(), 0);
        until(options.seconds);
        watch.stop(result, all.served(), 0);
        result.connections = result.deliveries;
        result.counts.deliveries = all.served();
    } catch (std::exception const& error) {
        result.error = error.what();
    }
    result.latencies = all.latencies();
}

}  // namespace

load_result run_load(load_options const& options) {
    load_result result;
    observer watch(options);
    if (options.mode == load_mode::storm) {
        storm all(options);
        run_storm(options, watch, result, all);
        return result;
    }
    crowd_run all(options, watch, result);
    try {
        switch (options.mode) {
            case load_mode::closed:
                all.closed();
                break;
            case load_mode::open:
                all.open();
                break;
            case load_mode::idle:
                all.idle();
                break;
            case load_mode::publish:
                all.publish();
                break;
            case load_mode::backlog:
                all.backlog();
                break;
            case load_mode::storm:
                break;
        }
    } catch (std::exception const& error) {
        result.error = error.what();
    }
    all.conclude();
    return result;
}

}  // namespace anteroom::bench
