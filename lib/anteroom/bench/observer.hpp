// Monitors a run: the server's process, samples for plots, the progress bar, and the resources used in the measured
// part.
#pragma once

#include <anteroom/bench/load.hpp>
#include <anteroom/bench/progress.hpp>
#include <anteroom/bench/timeline.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace anteroom::bench {

class observer {
  public:
    explicit observer(load_options const& options);

    process const& server() const { return server_; }

    /// The phase of the run, one word, for the progress bar. The characters must outlive the observer.
    void phase(std::string_view name) { phase_ = name; }

    /// Starts the measured part: samples are taken from here on.
    void start(std::uint64_t deliveries, std::uint64_t published);
    /// The current totals; to be called often.
    void update(std::uint64_t deliveries, std::uint64_t published);
    /// Ends the measured part and stores what was used since start() in the result.
    void stop(load_result& result, std::uint64_t deliveries, std::uint64_t published);

  private:
    load_options const& options_;
    process server_;
    progress bar_;
    std::string_view phase_ = "connect";
    std::uint64_t begun_;
    std::uint64_t shown_ = 0;
    std::uint64_t shown_deliveries_ = 0;
    std::uint64_t shown_published_ = 0;
    std::optional<timeline> line_;
    process_sample before_;
    std::uint64_t own_before_ = 0;
    std::uint64_t start_ = 0;
    std::uint64_t deliveries_ = 0;
    std::uint64_t published_ = 0;
};

}  // namespace anteroom::bench
