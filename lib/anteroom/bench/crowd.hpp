// The subscribers and publishers of a run on one epoll loop: polls or streams, publishes, and checks each delivery.
#pragma once

#include <anteroom/bench/connection.hpp>
#include <anteroom/bench/dialect.hpp>
#include <anteroom/bench/frame_reader.hpp>
#include <anteroom/bench/histogram.hpp>
#include <anteroom/bench/options.hpp>
#include <anteroom/bench/sequence.hpp>
#include <anteroom/bench/sse_reader.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::bench {

/// Nanoseconds of the monotonic clock.
std::uint64_t now_ns();
inline std::uint64_t to_ns(double seconds) {
    return static_cast<std::uint64_t>(seconds * 1e9);
}

/// Counts since the crowd was made.
struct crowd_counts {
    std::uint64_t published = 0;  // answered with success
    std::uint64_t deliveries = 0;
    std::uint64_t empty_polls = 0;
    std::uint64_t repeated = 0;
    std::uint64_t late = 0;    // came after a later one
    std::uint64_t gaps = 0;    // reported by the server
    std::uint64_t missed = 0;  // messages in reported gaps
    std::uint64_t pings = 0;
};

class crowd {
  public:
    static constexpr auto unlimited = ~std::uint64_t{0};

    /// Connects nobody yet: subscribers connect later, a publisher when it has something to publish (a server closes an
    /// idle connection). Throws std::system_error if the server cannot be reached.
    explicit crowd(load_options const& options);
    ~crowd();
    crowd(crowd const&) = delete;
    crowd& operator=(crowd const&) = delete;

    /// The number of subscribers once all are connected, stalled ones included.
    std::size_t planned() const { return groups_.size() * options_.subscribers + options_.stalled; }
    /// Connects so many more, stalled ones distributed among them, without sending anything. Throws as the constructor.
    void connect(std::size_t more);
    /// All connected subscribers send their first poll or open their stream: from now, or from the oldest message.
    /// Nothing may be under way.
    void subscribe_all(bool from_oldest = false);

    /// Publishes the next message of the room with this number, which was due at `due`; waits its turn on the room's
    /// connection.
    void publish(std::size_t index, std::uint64_t due);
    /// The same without sending: send_queued() sends what was enqueued, in one call a connection.
    void enqueue(std::size_t index, std::uint64_t due);
    void send_queued();
    /// The next message is published as soon as all of a room's subscribers have the last one: in the same room, or
    /// where a subscriber follows several, in the next of them. Until a room has had `most` messages; 0 ends it.
    void repeat(std::uint64_t most = unlimited) { repeat_most_ = most; }
    /// Each connection that publishes has `pipeline` publishes under way until its room has had `most` messages; 0 ends
    /// it.
    void keep_publishing(std::uint64_t most = unlimited);

    /// The stalled subscribers read from now on. Call it when complete(): they have to receive the messages that
    /// follow.
    void resume_stalled();

    /// Handles what has arrived, waiting for at most `timeout_ns` if nothing has. Throws std::runtime_error with a
    /// one-line message when the server breaks the protocol or makes no progress for the time allowed.
    void step(std::uint64_t timeout_ns);

    /// All streams are open; all publishes are answered, and every message was received by every subscriber or skipped.
    bool complete() const { return complete_rooms_ == rooms_.size() && unanswered_ == 0 && unopened_ == 0; }

    /// Latencies are recorded from here on, of messages due later than `from`.
    void record_from(std::uint64_t from) { record_from_ = from; }
    /// To each subscriber.
    histogram const& latencies() const { return latencies_; }
    /// To the last of the subscribers of a room.
    histogram const& last_latencies() const { return last_latencies_; }

    crowd_counts const& counts() const { return counts_; }

    /// Messages that a subscriber neither received nor got reported as missed, summed over the subscribers.
    std::uint64_t lost() const;

    /// A description of where the run is stuck.
    std::string describe_stall() const;

  private:
    struct room {
        std::string name;
        std::uint64_t published = 0;
        std::size_t outstanding = 0;  // subscribers that have not received the last one
        // Of messages under way, from number `first_open` on: how many subscribers have not received each.
        std::uint64_t first_open = 1;
        std::deque<std::size_t> open;
    };
    struct group {                // of rooms that are subscribed to together
        std::size_t reading = 0;  // its subscribers that are not stalled
    };
    struct room_progress {  // of one room
        sequence order;
        bool gap_of_unknown_size = false;  // was reported; ends at the next message
    };
    struct subscriber {
        subscriber(connection to, std::size_t of, std::size_t followed, bool stalls)
            : link(std::move(to)), group(of), rooms(followed), stalled(stalls) {}

        connection link;
        std::size_t group;
        std::vector<room_progress> rooms;
        bool stalled;
        bool asked = false;
        bool open = false;  // the stream stands
        std::string cursor;
        sse_reader events;
        frame_reader frames;
    };
    struct queued_publish {
        std::size_t room;
        std::uint64_t number;
        std::uint64_t due;
    };
    struct publisher {
        explicit publisher(std::size_t in) : room(in) {}

        std::optional<connection> link;  // from its first publish on
        std::size_t room;                // where it keeps publishing
        std::size_t unanswered = 0;
        bool listed = false;  // it is in to_send_
        std::deque<queued_publish> queue;
    };

    bool polls() const;
    void watch(int fd, std::uint32_t tag, std::uint32_t events);
    void subscribe(subscriber& who, std::string_view target);
    void begin(subscriber& who, bool from_oldest);
    publisher& publisher_of(std::size_t index) { return publishers_[index / options_.together % publishers_.size()]; }
    void add_to_queue(publisher& to, std::size_t index, std::uint64_t due);
    bool may_publish(publisher const& who) const { return rooms_[who.room].published < keep_publishing_most_; }
    void send_ready(publisher& who);
    connection& connect(publisher& who);
    // `to_the_end`: until nothing is left or the connection ends, because no other event would report that.
    void read_subscriber(subscriber& who, bool to_the_end);
    void read_stream(subscriber& who, bool to_the_end);
    void read_publisher(publisher& who);
    void on_polled(subscriber& who, answer const& got);
    void on_event(subscriber& who, subscriber_event const& event);
    void on_frame(subscriber& who, frame_kind kind, std::string_view payload);
    void on_gap(subscriber& who, reported_gap const& gap);
    void on_message(subscriber& who, std::string_view text, std::string_view where);
    void on_published(publisher& who, answer const& got);
    void count_down(room& in, std::uint64_t number, std::uint64_t due, std::uint64_t now);
    void check_progress();
    void skip_lost();
    std::string const& name_of(subscriber const& who) const { return rooms_[who.group * options_.together].name; }

    load_options options_;
    endpoint to_;
    std::unique_ptr<dialect> dialect_;
    int epoll_;
    std::vector<room> rooms_;
    std::vector<group> groups_;
    std::vector<std::string> targets_;  // of each group
    std::vector<subscriber> subscribers_;
    std::vector<publisher> publishers_;
    std::size_t connected_ = 0;
    std::size_t stalled_ = 0;
    std::string request_;
    std::string body_;
    std::vector<publisher*> to_send_;  // publishers that send_queued() has to serve
    std::uint64_t repeat_most_ = 0;
    std::uint64_t keep_publishing_most_ = 0;
    std::size_t unopened_ = 0;  // streams
    std::size_t complete_rooms_;
    std::uint64_t unanswered_ = 0;
    std::uint64_t now_ = 0;  // when what is being read had come
    std::uint64_t last_progress_;
    std::uint64_t record_from_ = ~std::uint64_t{0};
    histogram latencies_;
    histogram last_latencies_;
    crowd_counts counts_;
};

}  // namespace anteroom::bench
