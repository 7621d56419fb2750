// A server without HTTP: a hub on one or two shards, clients that subscribe to its rooms like the subscribe handlers
// do, and a model of each room. One thread runs everything, in the order that the dice determine.
#pragma once

#include "client.hpp"
#include "dice.hpp"
#include "log_model.hpp"
#include <anteroom/room/subscription_cursor.hpp>

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
    std::size_t committed_later = 0;
    std::size_t publishers_at_once = 0;  // appends to a room behind others that are not committed yet
    std::size_t out_of_order = 0;        // commits of what cannot be read yet, an older one being in front of it
    std::size_t made_others_readable = 0;
    std::size_t of_ended_lives = 0;  // commits
    std::size_t looks_while_pending = 0;
    std::size_t pages_while_pending = 0;
    std::size_t rests_while_pending = 0;  // somebody waits, nothing runs, and there are messages that cannot be read
    std::size_t woken_by_commit = 0;
    std::size_t drops_while_pending = 0;
    std::size_t evictions_while_pending = 0;
    std::size_t restarts_while_pending = 0;
    std::size_t pages = 0;
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

    /// To all of some rooms, so many messages; some are to be committed later.
    void publish(std::vector<std::size_t> const& to, std::size_t shard, std::size_t count, std::size_t size);
    /// Commits one of the publications that wait for it, whichever.
    void commit(std::size_t shard);
    /// Reads a page of a room's history, before any place.
    void page(std::size_t room);
    /// Has an idle client ask; with `hang` false it is answered at once whatever there is.
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
    /// Runs all that is ready, until those who are left wait for good reason.
    void rest();
    /// The server goes, ending every request, and another one comes.
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

    /// A publication on its way from append to announcement.
    struct publishing {
        publication added;
        std::vector<std::size_t> to;
        std::vector<cursor> ids;  // of the messages, room by room
        commitment when;
        bool of_this_server = true;

        cursor first(std::size_t room) const { return ids[room * (ids.size() / to.size())]; }
        cursor last(std::size_t room) const { return ids[(room + 1) * (ids.size() / to.size()) - 1]; }
    };
    using publishing_ptr = std::shared_ptr<publishing>;

    hub& rooms() noexcept { return *hubs_.back(); }
    history_limits const& model_limits() const noexcept;
    asio::awaitable<void, executor> serve(client& who);
    asio::awaitable<void, executor> poll(client& who, subscription_cursor& places);
    asio::awaitable<void, executor> stream(client& who, subscription_cursor& places);
    delta look(client const& who, subscription_cursor& places, std::size_t limit);
    void answer(client& who, subscription_cursor& places, delta const& found);
    void tell(client& who, subscription_cursor& places, delta const& found);
    void check_look(client const& who, subscription_cursor const& places, std::vector<cursor> const& from,
                    delta const& found, std::size_t limit);
    void send(client& who, piece what);
    log_model& life_of(std::size_t room, std::uint64_t epoch);
    void check_limits(std::size_t room, room_facts const& facts) const;
    bool exact() const noexcept;
    std::size_t kept_bytes();
    void end_requests(interruption why);
    void append(std::vector<std::size_t> const& to, shard& here, std::size_t count, std::size_t size);
    void commit(publishing_ptr const& one, shard& here);
    void announce_soon(publishing_ptr const& one, shard& here);
    void announce(publishing& one, shard& here);
    bool is_readable(publishing const& one);
    void check_end(std::size_t room);
    std::string some_cursor(std::size_t room);

    hub_options options_;
    dice& chance_;
    encounters& met_;
    std::vector<std::unique_ptr<shard>> shards_;
    std::vector<shard*> shard_pointers_;
    std::vector<std::unique_ptr<hub>> hubs_;  // the last is the server's; responses may hold messages of the others
    std::vector<truth> truths_;
    std::vector<publishing_ptr> uncommitted_;
    std::vector<publishing_ptr> unreadable_;  // committed, and behind others that are not
    std::vector<std::unique_ptr<client>> clients_;
    std::uint64_t published_ = 0;
    bool giving_up_ = false;
    std::size_t room_charge_ = 0;  // what a room takes without its messages
};

}  // namespace anteroom::simulation
