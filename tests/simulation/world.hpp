// A server without HTTP: a hub on one or two shards, clients that poll it as the subscribe handler does, and beside
// each room the model of it. One thread runs it all, in the order that the dice say.
#pragma once

#include "dice.hpp"
#include "ledger.hpp"
#include "log_model.hpp"
#include <anteroom/room/hub.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace anteroom::simulation {

enum class interruption { none, timed_out, hung_up, draining };

struct client {
    std::size_t room = 0;
    std::size_t shard = 0;
    std::size_t limit = 1;
    std::optional<cursor> after;  // none: from now on
    bool polling = false;
    interruption interrupted = interruption::none;
    asio::cancellation_signal cancel;
    std::optional<batch> answer;  // on its way to the client
    ledger account;
};

/// What a run of the simulation has met, so that a test can tell whether it was worth anything.
struct encounters {
    std::size_t delivered = 0;
    std::size_t evicted = 0;
    std::size_t restarted = 0;
    std::size_t waits = 0;
    std::size_t hang_ups = 0;
    std::size_t lost_answers = 0;
    std::size_t rebirths = 0;
    std::size_t restarts = 0;
    std::size_t refused = 0;
};

/// Every member function throws broken_promise when it finds the promise broken.
class world {
  public:
    static constexpr std::size_t room_count = 3;

    world(hub_options options, std::size_t shards, std::size_t clients, dice& chance, encounters& met);
    ~world();
    world(world const&) = delete;
    world& operator=(world const&) = delete;

    void publish(std::size_t room, std::size_t shard, std::size_t size);
    /// Has an idle client poll; with `hang` false it is answered at once whatever there is.
    void start_poll(client& who, bool hang = true);
    void interrupt(client& who, interruption why);
    /// Hands an answer over to its client, or loses it on the way.
    void deliver(client& who, bool lose);
    /// Has a client follow from another place: a cursor that it had long ago, one that nobody gave, the origin, now.
    void move(client& who);
    void evict(std::size_t room, std::size_t bytes);
    void sweep();
    /// Runs what is ready on a shard, so many handlers at most.
    void run(std::size_t shard, std::size_t most);
    void run_all();
    /// The server goes, answering every poll, and another one comes.
    void restart();
    /// Everybody catches up, and all accounts are even.
    void settle();

    std::vector<std::unique_ptr<client>>& clients() noexcept { return clients_; }
    std::size_t shard_count() const noexcept { return shards_.size(); }

  private:
    /// What is true of a room beyond its present life.
    struct truth {
        std::optional<log_model> life;
        std::set<std::uint64_t> epochs;  // of all lives
        bool hub_restarted = false;      // since the life began
    };

    hub& rooms() noexcept { return *hubs_.back(); }
    task<void> poll(client& who);
    void check_read(client const& who, batch const& found, room_lease const& place);
    log_model& life_of(std::size_t room, std::uint64_t epoch);
    void check_limits(std::size_t room, room_facts const& facts) const;
    bool exact() const noexcept;
    std::size_t kept_bytes();
    void end_polls(interruption why);

    hub_options options_;
    dice& chance_;
    encounters& met_;
    std::vector<std::unique_ptr<shard>> shards_;
    std::vector<shard*> shard_pointers_;
    std::vector<std::unique_ptr<hub>> hubs_;  // the last is the server's; answers may hold messages of the others
    std::array<truth, room_count> truths_;
    std::vector<std::unique_ptr<client>> clients_;
    std::uint64_t published_ = 0;
    bool giving_up_ = false;
    std::size_t room_charge_ = 0;  // what a room takes without its messages
};

std::string room_name(std::size_t room);

}  // namespace anteroom::simulation
