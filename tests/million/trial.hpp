// A trial: a crowd of one size comes, waits, is told, polls again and leaves.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace anteroom::million {

/// As plain bytes, so that it goes through a pipe.
struct figures {
    std::size_t subscribers = 0;

    // Private bytes of the process, without those of the crowd's far ends.
    std::uint64_t before = 0;   // before the first subscriber
    std::uint64_t waiting = 0;  // all wait
    std::uint64_t again = 0;    // all have got the message and wait again
    std::uint64_t left = 0;     // all have hung up
    std::uint64_t trimmed = 0;  // and the allocator was told to give back what it keeps free

    // CPU time of the process, for each subscriber: both ends of the connections.
    double come_ns = 0;     // to begin the session and its first poll
    double deliver_ns = 0;  // to answer it and begin its next poll

    double fan_out_ms = 0;          // from the publish until the last one had it
    std::size_t beside = 0;         // messages that arrived in the small room before that
    double longest_beside_ms = 0;   // that one took until all waited again
    std::array<char, 256> failure;  // what went wrong; empty: nothing
};

/// Runs one, in a process that has not run any.
figures run_trial(std::size_t subscribers);

}  // namespace anteroom::million
