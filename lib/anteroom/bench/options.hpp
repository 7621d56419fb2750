// The options of a run of the load generator.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace anteroom::bench {

/// The protocol of the server.
enum class dialect_kind {
    anteroom,  // docs/protocol.md; the yardsticks of tests/bench speak it too
    nchan,     // GET /sub/ID, POST /pub/ID; ID,ID at /subs/, from the oldest message at /old/, multipart at /subm/
    tutorial,  // GET /subscribe, POST /publish: one room, no cursors
    raw,       // GET and POST /room/ID: streams whose messages are the bodies and nothing else, no cursors
};

/// How subscribers receive messages.
enum class transport_kind {
    poll,   // a message an answer
    batch,  // all available messages in one answer: anteroom's JSON, Nchan's multipart
    sse,
    websocket,
};

enum class header_kind {
    small,    // what a lean client sends
    browser,  // about 600 bytes, as a browser's fetch() sends
};

enum class load_mode {
    closed,   // a room's next message is published when all of its subscribers have the last one
    open,     // messages come due at a fixed rate, however fast the server is
    idle,     // subscribers wait and nothing is published: the memory of a waiting subscriber
    publish,  // no subscribers: the cost of publishing
    backlog,  // subscribers connect after everything was published, and read it from the beginning
    storm,    // subscribers connect, poll, and hang up, again and again
};

/// Messages of each room in a backlog unless the options give another number.
constexpr std::size_t default_backlog = 1000;

/// Times are in seconds.
struct load_options {
    std::string url = "http://127.0.0.1:8080";
    dialect_kind dialect = dialect_kind::anteroom;
    transport_kind transport = transport_kind::poll;
    header_kind headers = header_kind::small;
    load_mode mode = load_mode::closed;
    std::vector<pid_t> pids;  // of the server, to measure it

    std::size_t rooms = 1;
    std::size_t together = 1;        // rooms that one subscriber subscribes to at once; `rooms` is a multiple of it
    std::size_t subscribers = 1000;  // of each room; storm: connections at a time
    std::size_t stalled = 0;         // additional subscribers, over all rooms, that do not read
    std::size_t publishers = 0;      // connections; 0: one a room, at most 1,000
    std::size_t pipeline = 1;        // publishes under way at once on one connection
    std::size_t body_bytes = 64;
    std::size_t messages = 0;  // of each room; 0: what fits in `seconds`, or default_backlog
    double rate = 1000;        // open: messages a second over all rooms
    std::size_t burst = 1;     // open: so many messages come due together, and are sent in one call a connection
    std::size_t wait = 0;      // asked of a poll; 0: the server's default

    double warm_up = 1;
    double seconds = 5;  // measured
    double stall = 10;   // without progress, after which the run fails
};

}  // namespace anteroom::bench
