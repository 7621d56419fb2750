// What a run of the load generator is asked to do.
#pragma once

#include "dialect.hpp"

#include <sys/types.h>

#include <cstddef>
#include <string>

namespace anteroom::bench {

enum class load_mode {
    closed,  // a room's next message is published when all of its subscribers have the last one
    open,    // messages come due at a fixed rate, whatever the server does
    idle,    // subscribers wait and nothing is published: what does waiting cost in memory?
};

struct load_options {
    std::string target = "http://127.0.0.1:8080";
    dialect_kind dialect = dialect_kind::anteroom;
    transport_kind transport = transport_kind::poll;
    header_kind headers = header_kind::plain;
    load_mode mode = load_mode::closed;
    pid_t pid = 0;  // of the server, to measure it; 0: not measured

    std::size_t rooms = 1;
    std::size_t together = 1;        // rooms that one subscriber follows at once; `rooms` is a multiple of it
    std::size_t subscribers = 1000;  // of each room
    std::size_t stalled = 0;         // more subscribers, in all rooms together, that do not read what they are sent
    std::size_t publishers = 0;      // connections; 0: one a room, at most 1,000
    std::size_t pipeline = 1;        // publishes under way at once on one connection
    std::size_t body_bytes = 64;
    double rate = 1000;     // open: messages a second over all rooms
    std::size_t burst = 1;  // open: so many messages come due together
    int wait = 0;           // seconds asked of a poll; 0: the server's default

    double warm_up = 1;  // seconds
    double seconds = 5;  // measured
    double stall = 10;   // seconds without any progress after which the run has failed
};

}  // namespace anteroom::bench
