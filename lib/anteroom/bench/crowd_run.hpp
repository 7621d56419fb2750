// The runs that have a crowd of subscribers.
#pragma once

#include <anteroom/bench/crowd.hpp>
#include <anteroom/bench/load.hpp>
#include <anteroom/bench/observer.hpp>

#include <cstdint>

namespace anteroom::bench {

/// A run, to be asked for one of the loads and then to conclude(). Throws as crowd does.
class crowd_run {
  public:
    /// All of these must outlive it.
    crowd_run(load_options const& options, observer& watch, load_result& result)
        : options_(options), watch_(watch), result_(result), all_(options) {}

    void closed();
    void open();
    void idle();
    void publish();
    void backlog();
    /// Takes what is known in the end, also of a run that failed.
    void conclude();

  private:
    // A few polls and publishes, so that what a server needs once (its code above all) does not count as a
    // subscriber's; its private bytes then.
    std::uint64_t warm();
    void step(std::uint64_t timeout);
    void step_until(std::uint64_t end);
    void settle();
    void finish();
    void gather();
    void start();
    void stop();
    void publish_everywhere();
    void publish_each_group();
    void resume_stalled();

    load_options const& options_;
    observer& watch_;
    load_result& result_;
    crowd all_;
};

}  // namespace anteroom::bench
