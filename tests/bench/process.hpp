// What a server process and its children cost, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace anteroom::bench {

struct process_sample {
    std::uint64_t cpu_ns = 0;       // on the CPU, by the scheduler's clock, all threads
    std::uint64_t user_ns = 0;      // by the tick: coarse, but splits user from system
    std::uint64_t system_ns = 0;    // by the tick
    std::uint64_t voluntary = 0;    // context switches by waiting
    std::uint64_t involuntary = 0;  // context switches by preemption
};

class process {
  public:
    // Follows `root` and the children that it has now (nginx works in children). 0 follows nothing: samples are zero.
    // Throws std::runtime_error if there is no such process.
    explicit process(pid_t root);

    [[nodiscard]] bool known() const { return !members_.empty(); }

    [[nodiscard]] process_sample sample() const;

    // The CPU time alone.
    [[nodiscard]] std::uint64_t cpu_ns() const;

    // Every thread sleeps: none runs, and none waits for a core that somebody else has.
    [[nodiscard]] bool at_rest() const;

    // Private_Clean + Private_Dirty. The kernel walks all pages for it, so keep it out of what is timed.
    [[nodiscard]] std::uint64_t private_bytes() const;

  private:
    std::vector<pid_t> members_;
};

}  // namespace anteroom::bench
