// Prints how fast this core is just now, in additions a nanosecond: independent ones in registers, as many at a time as
// a processor does. Nothing of it depends on memory or on the system, so what slows it down is outside: another clock
// rate, or, on a virtual machine, somebody else on the same core or on its other hardware thread.
#include <chrono>
#include <cstdint>
#include <cstdio>

int main() {
    using clock = std::chrono::steady_clock;
    constexpr int batch = 10'000;
    auto const additions_a_ns = [] {
        auto const begun = clock::now();
        std::chrono::nanoseconds took{};
        std::uint64_t done = 0;
        std::uint64_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;
        while ((took = clock::now() - begun) < std::chrono::milliseconds(20)) {
            for (int i = 0; i < batch; ++i) {
                ++a, ++b, ++c, ++d, ++e, ++f;
                asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));  // each for itself, each time
            }
            done += 6 * batch;
        }
        return static_cast<double>(done) / static_cast<double>(took.count());
    };
    additions_a_ns();  // until the clock rate has gone up
    std::printf("%.3f\n", additions_a_ns());
}
