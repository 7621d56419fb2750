// The delivery guarantee with two shards on two threads: publishers, subscribers that disconnect, eviction and sweeps,
// concurrently.
#include "dice.hpp"
#include "ledger.hpp"
#include "plan.hpp"
#include <anteroom/room/subscription_cursor.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

using namespace anteroom;
using namespace anteroom::simulation;

namespace {

constexpr std::size_t room_count = 3;
constexpr std::size_t publishes_each = 4000;
constexpr std::size_t followers_each = 6;
constexpr auto limit = std::chrono::seconds(60);

std::string room_name(std::size_t room) {
    return "room " + std::to_string(room);
}

struct crowd {
    explicit crowd(std::uint64_t from_seed) : seed(from_seed) {
        // The publish plans are fixed in advance, so that every subscriber knows where a room ends.
        for (std::size_t i = 0; i < plans.size(); ++i) {
            dice chance(seed + i);
            for (std::size_t n = 0; n < publishes_each; ++n) {
                plans[i].push_back(static_cast<std::size_t>(chance.below(room_count)));
                ++totals[plans[i].back()];
            }
        }
        for (std::size_t room = 0; room < room_count; ++room)
            read_first[room] = std::vector<std::atomic<std::uint64_t>>(totals[room] + 1);
    }

    // Extracts from a message the publisher and the number of the publish in its plan.
    static std::uint64_t content_of(message const& of) { return std::stoull(std::string(of.data())); }

    void ended(std::string const& trouble = {}) {
        std::lock_guard const lock(mutex);
        if (!trouble.empty() && first_trouble.empty())
            first_trouble = trouble;
        --running;
        changed.notify_all();
    }

    std::uint64_t seed;
    shard first{0};
    shard second{1};
    std::array<shard*, 2> shards{&first, &second};
    hub rooms{shards, {.history = {.messages = 200}, .memory = 60'000}};
    std::array<std::vector<std::size_t>, 2> plans;
    std::array<std::uint64_t, room_count> totals{};
    // What the first reader of a position found there; all others must find the same.
    std::array<std::vector<std::atomic<std::uint64_t>>, room_count> read_first;

    std::mutex mutex;
    std::condition_variable changed;
    std::size_t running = 0;
    std::string first_trouble;
};

asio::awaitable<void, executor> publish_all(crowd& in, std::size_t which) {
    auto& home = *in.shards[which];
    dice chance(in.seed + 10 + which);
    std::vector<publication> uncommitted;
    auto const commit_all = [&] {
        while (!uncommitted.empty()) {
            auto const chosen = uncommitted.begin() + static_cast<std::ptrdiff_t>(chance.below(uncommitted.size()));
            auto one = std::move(*chosen);
            uncommitted.erase(chosen);
            one.commit();
            one.announce(home, chance.chance(50) ? wake_up::queued : wake_up::in_place);
        }
    };
    for (std::size_t n = 0; n < publishes_each; ++n) {
        auto const content = std::to_string(which * publishes_each + n + 1);
        // Some are committed later, behind or before those of the other publisher, and not in their order.
        auto const when = chance.chance(20) ? commitment::later : commitment::immediate;
        auto const name = room_name(in.plans[which][n]);
        std::string_view const to = name;
        std::optional<publication> added;
        // Refused while slow readers hold all the memory: nothing was appended, so it is tried again.
        draft const what{content::text, content, {}};
        while (!(added = in.rooms.append({&to, 1}, {&what, 1}, when))) {
            commit_all();
            co_await asio::post(home.get_executor(), asio::deferred);
        }
        if (when == commitment::later)
            uncommitted.push_back(std::move(*added));
        else
            added->announce(home);
        if (chance.chance(30))
            commit_all();
        if (chance.chance(2)) {
            in.rooms.sweep();
            bool more = false;
            in.rooms.list("room", "", 2, more);
        }
        if (chance.chance(60))
            co_await asio::post(home.get_executor(), asio::deferred);
    }
    commit_all();
    in.ended();
}

// Subscribes to some rooms until they end, and disconnects now and then, like a client that follows its cursor.
asio::awaitable<void, executor> follow(crowd& in, std::size_t shard_index, std::vector<std::size_t> rooms,
                                       std::size_t most, std::uint64_t seed) {
    auto& home = *in.shards[shard_index];
    dice chance(seed);
    std::vector<ledger> accounts(rooms.size());
    auto const cancel = std::make_shared<asio::cancellation_signal>();
    std::array<std::array<std::uint64_t, 2>, room_count> last_of_publisher{};
    // Keeps its leases throughout, like a stream: so rooms live until all subscribers have read to the end.
    subscription_cursor places;
    std::uint64_t left = 0;
    for (std::size_t i = 0; i < rooms.size(); ++i) {
        auto lease = in.rooms.open(room_name(rooms[i]));
        accounts[i].begin({lease->end().epoch, 0});
        places.add(std::move(lease), accounts[i].position());
        left += in.totals[rooms[i]];
    }
    while (left > 0) {
        auto const found = places.read(most);
        if (found.empty()) {
            if (chance.chance(20))
                asio::post(home.io(), [cancel] { cancel->emit(asio::cancellation_type::terminal); });
            co_await places.async_wait(home,
                                       asio::bind_cancellation_slot(cancel->slot(), asio::as_tuple(asio::deferred)));
            continue;
        }
        // Like a stream whose socket is full, which accepts the rest later.
        auto const count = chance.chance(20) ? chance.below(found.messages.size() + 1) : found.messages.size();
        for (auto const& each : found.gaps) {
            accounts[each.place].take(each.what, each.next);
            left -= each.what.missed.value_or(0);
        }
        for (std::size_t i = 0; i < count; ++i) {
            auto const& [message, place] = found.messages[i];
            accounts[place].take(*message);
            --left;
            auto const content = crowd::content_of(*message);
            std::uint64_t before = 0;
            auto& slot = in.read_first[rooms[place]].at(static_cast<std::size_t>(message->id().number));
            if (!slot.compare_exchange_strong(before, content) && before != content)
                throw broken_promise("two readers found different messages in one place");
            auto& last = last_of_publisher[rooms[place]].at(content > publishes_each);
            if (content <= last)
                throw broken_promise("the messages of one publisher are out of order");
            last = content;
        }
        places.advance(found, static_cast<std::size_t>(count));
        if (chance.chance(10))
            co_await asio::post(home.get_executor(), asio::deferred);
    }
    for (std::size_t i = 0; i < rooms.size(); ++i)
        accounts[i].settle(places.room_at(i).end(), in.totals[rooms[i]]);
}

}  // namespace

TEST_CASE("with two threads too, received and reported as missed is what was published") {
    auto const run = plan_from_environment(1);
    CAPTURE(run.first_seed);
    crowd in(run.first_seed);
    dice chance(run.first_seed + 20);
    for (std::size_t which = 0; which < 2; ++which) {
        auto const done = [&in](std::exception_ptr failure) {
            try {
                if (failure)
                    std::rethrow_exception(failure);
                in.ended();
            } catch (std::exception const& trouble) {
                in.ended(trouble.what());
            }
        };
        auto const at = in.shards[which]->get_executor();
        for (std::size_t i = 0; i < followers_each; ++i) {
            auto const most = static_cast<std::size_t>(chance.chance(50) ? 1 : 100);
            ++in.running;
            // Half of the subscribers get one room, the others two or all.
            std::vector<std::size_t> rooms;
            for (std::size_t n = 0; n < (i < room_count ? 1 : i - 1) && n < room_count; ++n)
                rooms.push_back((i + n) % room_count);
            asio::co_spawn(at, follow(in, which, rooms, most, run.first_seed + 100 * which + i), done);
        }
        ++in.running;
        asio::co_spawn(at, publish_all(in, which), [](std::exception_ptr) {});
    }
    bool ended = false;
    {
        std::jthread const one([&] { in.first.run(); });
        std::jthread const two([&] { in.second.run(); });
        std::unique_lock lock(in.mutex);
        ended = in.changed.wait_for(lock, limit, [&] { return in.running == 0 || !in.first_trouble.empty(); });
        if (!ended || !in.first_trouble.empty()) {
            in.first.io().stop();
            in.second.io().stop();
        }
    }
    CHECK(in.first_trouble == "");
    REQUIRE(ended);
    bool more = false;
    std::size_t bytes = 0;
    for (auto const& facts : in.rooms.list("", "", 10, more)) {
        CHECK(facts.subscribers == 0);
        bytes += facts.bytes;
    }
    // The rooms themselves take memory too.
    CHECK(in.rooms.memory_used() >= bytes);
    CHECK(in.rooms.memory_used() <= bytes + room_count * 3000);
}
