// A server of one shard, as http::server makes it, but for sockets that listen.
#pragma once

#include <anteroom/handlers/api.hpp>
#include <anteroom/http/worker.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace anteroom::million {

struct house {
    /// Has the loop do one thing: a portion of a fan-out, a batch of what streams have to tell.
    void turn() { home.io().run_one(); }
    /// Ends it once no session is left; returns when the loop has nothing to do.
    void close() {
        home.retire();
        home.run();
    }
    /// How many sessions there are.
    std::size_t connected() const noexcept {
        auto const& counted = home.counted();
        return counted.get(counter::connections_opened) - counted.get(counter::connections_closed);
    }
    std::size_t waiting_in(std::string_view room) {
        auto const found = rooms.find(room);
        return found ? found->changes().waiting() : 0;
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub rooms{shards, {}};
    assets page{std::span<embedded_file const>()};  // nobody asks for it
    api service{rooms, shards, page, polls()};
    http::options connections;
    http::worker sessions{home, service, connections};

  private:
    // Time for a million to come on a machine that is busy with other things.
    static api_options polls() {
        api_options out;
        out.poll_wait = out.poll_wait_max = std::chrono::minutes(10);
        return out;
    }
};

}  // namespace anteroom::million
