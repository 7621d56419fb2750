// A server without HTTP: a hub on one or two shards, clients that subscribe to its rooms like the subscribe handlers
// do, and a model of each room. One thread runs everything, in the order that the dice determine.
#pragma once

#include "client.hpp"
#include "dice.hpp"
#include "log_model.hpp"
#include <anteroom/room/follower.hpp>

#include <boost/asio/awaitable.hpp>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace anteroom::simulation {

/// What a run of the simulation has covered, so that a test can check whether it was meaningful.
struct encounters {
    std::size_t delivered = 0;
    std::size_t evicted = 0;
    std::size_t restarted = 0;
    std::size_t deleted = 0;
    std::size_t waits = 0;
    std::size_t hang_ups = 0;
    std::size_t lost = 0;
    std::size_t rebirths = 0;
    std::size_t restarts = 0;
    std::size_t refused = 0;
    std::size_t drops = 0;
    std::size_t batches = 0;
    std::size_t to_several = 0;
    std::size_t announced_later = 0;
    std::size_t taken_in_part = 0;
    std::size_t stalls = 0;
    std::size_t many_rooms = 0;  // pieces for clients with ten rooms or more
    std::size_t several_gaps = 0;
    std::array<std::size_t, 4> forms{};  // requests by form
    std::size_t plain = 0;
    std::size_t form_changes = 0;
    std::size_t room_changes = 0;
};

/// Every member function throws broken_promise when it finds the guarantee broken.
class world {
  public:
    static constexpr std::size_t most_rooms = 20;

    world(hub_options options, std::size_t rooms, std::size_t shards, std::size_t clients, dice& chance,
          encounters& met);
    ~world();
    world(world const&) = delete;
    world& operator=(world const&) = delete;

    /// Publishes `count` messages to all of the given rooms.
    void publish(std::vector<std::size_t> const& to, std::size_t shard, std::size_t count, std::size_t size);
    /// Makes an idle client send a request; with `hang` false it is answered immediately whatever there is.
    void start(client& who, bool hang = true);
    void interrupt(client& who, interruption why);
    /// Delivers at most `most` pieces to a client.
    void deliver(client& who, std::size_t most);
    /// Drops the pieces in transit to a client, with its connection.
    void cut(client& who);
    /// Moves a client to another cursor: one that was once issued, one that never was, the origin, or now.
    void move(client& who);
    /// Makes a client request other rooms, in another form.
    void change(client& who);
    void evict(std::size_t room, std::size_t bytes);
    void drop(std::size_t room, std::size_t shard);
    void sweep();
    /// Runs ready handlers of a shard, at most `most`.
    void run(std::size_t shard, std::size_t most);
    void run_all();
    /// The server ends, with every request, and another one starts.
    void restart();
    /// All clients catch up, and all ledgers are balanced.
    void settle();

    std::vector<std::unique_ptr<client>>& clients() noexcept { return clients_; }
    std::size_t shard_count() const noexcept { return shards_.size(); }
    std::size_t room_count() const noexcept { return truths_.size(); }

  private:
    /// The state of a room beyond its present life.
    struct truth {
        std::optional<log_model> life;
        std::set<std::uint64_t> epochs;  // of all lives
        std::size_t unannounced = 0;     // publishes of which no waiter was notified yet
        bool hub_restarted = false;      // since the life began
        bool dropping = false;           // it is being deleted: the next epoch is that of the coming life
    };

    hub& rooms() noexcept { return *hubs_.back(); }
    asio::awaitable<void, executor> serve(client& who);
    asio::awaitable<void, executor> poll(client& who, follower& places);
    asio::awaitable<void, executor> stream(client& who, follower& places);
    news look(client const& who, follower& places, std::size_t limit);
    void answer(client& who, follower& places, news const& found);
    void tell(client& who, follower& places, news const& found);
    void check_look(client const& who, follower const& places, std::vector<cursor> const& from, news const& found,
                    std::size_t limit);
    void send(client& who, piece what);
    log_model& life_of(std::size_t room, std::uint64_t epoch);
    void check_limits(std::size_t room, room_facts const& facts) const;
    bool exact() const noexcept;
    std::size_t kept_bytes();
    void end_requests(interruption why);
    void append(std::vector<std::size_t> const& to, shard& here, std::size_t count, std::size_t size);
    void announce(publication& added, std::vector<std::size_t> const& to, std::vector<cursor> const& ids, shard& here);
    std::string some_cursor(std::size_t room);

    hub_options options_;
    dice& chance_;
    encounters& met_;
    std::vector<std::unique_ptr<shard>> shards_;
    std::vector<shard*> shard_pointers_;
    std::vector<std::unique_ptr<hub>> hubs_;  // the last is the server's; responses may hold messages of the others
    std::vector<truth> truths_;
    std::vector<std::unique_ptr<client>> clients_;
    std::uint64_t published_ = 0;
    bool giving_up_ = false;
    std::size_t room_charge_ = 0;  // what a room takes without its messages
};

}  // namespace anteroom::simulation
