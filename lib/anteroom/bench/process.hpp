// What a server process and its children cost, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace anteroom::bench {

struct process_sample {
    std::uint64_t cpu_ns = 0;       /// on the CPU, by the scheduler's clock, all threads
    std::uint64_t user_ns = 0;      /// by the tick: coarse, but splits user from system
    std::uint64_t system_ns = 0;    /// by the tick
    std::uint64_t voluntary = 0;    /// context switches by waiting
    std::uint64_t involuntary = 0;  // context switches by preemption

    /// What was spent between two samples.
    friend process_sample operator-(process_sample later, process_sample const& earlier) {
        later.cpu_ns -= earlier.cpu_ns;
        later.user_ns -= earlier.user_ns;
        later.system_ns -= earlier.system_ns;
        later.voluntary -= earlier.voluntary;
        later.involuntary -= earlier.involuntary;
        return later;
    }
};

class process {
  public:
    /// Follows these and the children that they have now (nginx works in children); of none, all samples are zero.
    /// Throws std::runtime_error if there is no such process.
    explicit process(std::vector<pid_t> const& roots);

    bool known() const { return !members_.empty(); }

    process_sample sample() const;

    /// The CPU time alone.
    std::uint64_t cpu_ns() const;

    /// Every thread sleeps: none runs, and none waits for a core that somebody else has.
    bool at_rest() const;

    /// Private_Clean + Private_Dirty. The kernel walks all pages for it, so keep it out of what is timed.
    std::uint64_t private_bytes() const;

    /// Memory that is no file's: nearly the same, and cheap to ask for.
    std::uint64_t anonymous_bytes() const;

  private:
    std::vector<pid_t> members_;
};

}  // namespace anteroom::bench
