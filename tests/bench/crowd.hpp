// The subscribers and publishers of a run on one epoll loop: polls or streams, publishes, and checks each delivery.
#pragma once

#include "connection.hpp"
#include "dialect.hpp"
#include "frame_reader.hpp"
#include "histogram.hpp"
#include "options.hpp"
#include "sequence.hpp"
#include "sse_reader.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::bench {

// Nanoseconds of the monotonic clock.
std::uint64_t now_ns();

// Counts since the crowd was made.
struct crowd_counts {
    std::uint64_t published = 0;  // answered with success
    std::uint64_t deliveries = 0;
    std::uint64_t empty_polls = 0;
    std::uint64_t repeated = 0;
    std::uint64_t late = 0;  // came after a later one
    std::uint64_t gaps = 0;  // told by the server
    std::uint64_t told = 0;  // messages missed in told gaps
    std::uint64_t pings = 0;
};

class crowd {
  public:
    // Connects all and sends the first poll of each subscriber, or asks for its stream. Throws if the server cannot be
    // reached.
    explicit crowd(load_options const& options);
    ~crowd();
    crowd(crowd const&) = delete;
    crowd& operator=(crowd const&) = delete;

    // Publishes the next message of a room, which was due at `due`; waits its turn on the room's connection.
    void publish(std::size_t room, std::uint64_t due);

    // While on, the next message is published as soon as all of a room's subscribers have the last one: in the same
    // room, or where a subscriber follows several, in the next of them.
    void repeat(bool on) { repeat_ = on; }

    // The stalled subscribers read from now on. Call it when complete(): they have to get the messages that follow.
    void wake();

    // Handles what has arrived, waiting for at most `timeout_ns` if nothing has. Throws std::runtime_error with a line
    // for people when the server breaks the protocol or makes no progress for the time allowed.
    void step(std::uint64_t timeout_ns);

    // All streams stand; all published messages are answered and have come to every subscriber (or been passed over).
    [[nodiscard]] bool complete() const {
        return complete_rooms_ == rooms_.size() && unanswered_ == 0 && unopened_ == 0;
    }

    // Latencies are recorded from here on, of messages due later than `from`.
    void record_from(std::uint64_t from) { record_from_ = from; }
    [[nodiscard]] histogram const& latencies() const { return latencies_; }

    [[nodiscard]] crowd_counts const& counts() const { return counts_; }

    // Messages that a subscriber has not got and was not told of, summed over the subscribers.
    [[nodiscard]] std::uint64_t lost() const;

    // Where the run hangs, for people.
    [[nodiscard]] std::string describe_stall() const;

  private:
    struct room {
        std::string name;
        std::uint64_t published = 0;
        std::size_t lacking = 0;  // subscribers that have not got the last one
    };
    struct group {  // of rooms that are followed together
        std::string target;
        std::size_t awake = 0;  // its subscribers that are not stalled
    };
    struct follower {  // of one room
        sequence order;
        bool gap_of_unknown_size = false;  // was told of: ends at the next message
    };
    struct subscriber {
        connection link;
        std::size_t group;
        std::vector<follower> rooms;
        bool stalled = false;
        bool open = false;  // the stream stands
        std::string cursor;
        sse_reader events;
        frame_reader frames;
    };
    struct draft {
        std::size_t room;
        std::uint64_t number;
        std::uint64_t due;
    };
    struct publisher {
        connection link;
        std::size_t unanswered = 0;
        std::deque<draft> queue;
    };

    void watch(int fd, std::uint32_t tag, std::uint32_t events);
    void add_subscriber(std::size_t group, bool stalled);
    void subscribe(subscriber& who);
    void pump(publisher& who);
    // `to_the_end`: until nothing is left or the connection ends, because no other event would tell of that.
    void read_subscriber(subscriber& who, bool to_the_end);
    void read_stream(subscriber& who, bool to_the_end);
    void read_publisher(publisher& who);
    void on_polled(subscriber& who, answer const& got);
    void on_news(subscriber& who, stream_news const& news);
    void on_frame(subscriber& who, frame_kind kind, std::string_view payload);
    void on_gap(subscriber& who, told_gap const& gap);
    void on_message(subscriber& who, std::string_view text, std::string_view room);
    void on_published(publisher& who, answer const& got);
    [[nodiscard]] std::string const& name_of(subscriber const& who) const;
    void check_progress();

    load_options options_;
    endpoint to_;
    dialect dialect_;
    int epoll_;
    std::vector<room> rooms_;
    std::vector<group> groups_;
    std::vector<subscriber> subscribers_;
    std::vector<publisher> publishers_;
    std::string request_;
    std::string body_;
    bool repeat_ = false;
    std::size_t unopened_ = 0;  // streams
    std::size_t complete_rooms_;
    std::uint64_t unanswered_ = 0;
    std::uint64_t last_progress_;
    std::uint64_t record_from_ = ~std::uint64_t{0};
    histogram latencies_;
    crowd_counts counts_;
};

}  // namespace anteroom::bench
