#include "memory.hpp"

#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>

namespace anteroom::million {

std::uint64_t private_bytes() {
    std::ifstream file("/proc/self/smaps_rollup");
    std::uint64_t sum = 0;
    int found = 0;
    for (std::string word; file >> word;) {
        std::uint64_t kib = 0;
        if ((word == "Private_Clean:" || word == "Private_Dirty:") && file >> kib) {
            sum += kib * 1024;
            ++found;
        }
    }
    if (found != 2)
        throw std::runtime_error("the private memory cannot be read from /proc/self/smaps_rollup");
    return sum;
}

std::uint64_t cpu_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace anteroom::million
