// A few hundred samples of a run, for plots and the progress bar.
#pragma once

#include <anteroom/bench/process.hpp>

#include <cstdint>
#include <vector>

namespace anteroom::bench {

class timeline {
  public:
    struct sample {
        double seconds = 0;        // since the start, at the end of the span that this is about
        double deliveries = 0;     // a second; of a storm, connections
        double published = 0;      // a second
        std::uint64_t memory = 0;  // bytes of the server's own, at the end
        double cores = 0;          // that the server used
    };

    /// `span_ns`: of a sample. `server` must outlive it.
    timeline(process const& server, std::uint64_t start, std::uint64_t span_ns)
        : server_(server), span_(span_ns), start_(start), last_(start), cpu_(server.cpu_ns()) {}

    /// Takes a sample if one is due. The counts are totals.
    void update(std::uint64_t now, std::uint64_t deliveries, std::uint64_t published);

    std::vector<sample> const& samples() const { return samples_; }

  private:
    process const& server_;
    std::uint64_t span_;
    std::uint64_t start_;
    std::uint64_t last_;
    std::uint64_t cpu_;
    std::uint64_t deliveries_ = 0;
    std::uint64_t published_ = 0;
    std::vector<sample> samples_;
};

}  // namespace anteroom::bench
