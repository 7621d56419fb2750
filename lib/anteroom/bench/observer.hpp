// What watches a run: the server's process, samples for plots, the progress bar, and what was spent between two
// moments.
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

    /// What the run is at, in a word that stays where it is; for the bar.
    void phase(std::string_view name) { phase_ = name; }

    /// From here on samples are taken, and what is spent counts.
    void start(std::uint64_t deliveries, std::uint64_t published);
    /// Totals as they are now; to be called often.
    void tell(std::uint64_t deliveries, std::uint64_t published);
    /// Puts what was spent since start() into the result.
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
