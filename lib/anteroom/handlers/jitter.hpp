// A random number in a range, so that clients that are disconnected together do not reconnect together.
#pragma once

#include <random>

namespace anteroom {

inline int jitter(int least, int most) {
    static thread_local std::minstd_rand random(std::random_device{}());
    return std::uniform_int_distribution(least, most)(random);
}

}  // namespace anteroom
