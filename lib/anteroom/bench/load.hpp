// The runs that the load generator knows, each from connecting to a result.
#pragma once

#include <anteroom/bench/crowd.hpp>
#include <anteroom/bench/histogram.hpp>
#include <anteroom/bench/options.hpp>
#include <anteroom/bench/process.hpp>
#include <anteroom/bench/timeline.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace anteroom::bench {

struct load_result {
    std::string error;  // why the run ended early; empty: it did not

    // Of the whole run, warm-up included.
    crowd_counts counts;
    std::uint64_t lost = 0;

    // Of the measured part.
    double seconds = 0;
    std::uint64_t messages = 0;
    std::uint64_t deliveries = 0;
    std::uint64_t connections = 0;    // of a storm
    process_sample server;            // what it spent
    std::uint64_t private_bytes = 0;  // what it holds at the end
    std::uint64_t generator_cpu_ns = 0;
    histogram latencies;       // to each subscriber
    histogram last_latencies;  // to the last of a room's
    std::vector<timeline::sample> samples;

    // Of an idle run: private bytes of the server for each waiting subscriber, on its first poll and again after each
    // has been sent a message and polled anew; and private bytes in all while there were ever more of them.
    double bytes_a_waiter = 0;
    double bytes_a_waiter_served = 0;
    std::vector<std::pair<std::size_t, std::uint64_t>> memory;

    /// No error, and every message was received once and in order, or reported as missed.
    bool sound() const { return error.empty() && lost == 0 && counts.repeated == 0 && counts.late == 0; }
};

/// Runs as asked, with a progress bar on stderr where that is a terminal. Failures after connecting are
/// reported in the result; throws std::exception with a one-line message if the server cannot be reached at all or
/// cannot do what is asked.
load_result run_load(load_options const& options);

}  // namespace anteroom::bench
