// A hub on one shard, and subscription cursors on its rooms.
#pragma once

#include "loop.hpp"
#include <anteroom/room/subscription_cursor.hpp>

#include <array>
#include <string>
#include <vector>

namespace anteroom::unit {

/// Unused rooms are discarded by the next sweep.
inline hub_options forgetful(hub_options options = {}) {
    options.unused_room = milliseconds(0);
    return options;
}

struct followed_house {
    explicit followed_house(hub_options limits = {}) : rooms(shards, forgetful(limits)) {}
    ~followed_house() { run_ready(home); }

    /// Publishes and returns the id.
    cursor say(std::string_view room, std::string data = "x") {
        return rooms.publish(room, {content::text, std::move(data), {}}, home).value().ids.front();
    }
    cursor beginning(std::string_view room) const { return rooms.beginning(room); }
    bool run() { return run_ready(home); }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    hub rooms;
};

/// The messages of a delta, each as `room:data`, in their order.
inline std::vector<std::string> said(subscription_cursor const& by, delta const& found) {
    std::vector<std::string> out;
    for (auto const& each : found.messages)
        out.push_back(by.room_at(each.place).name() + ":" + std::string(each.what->data()));
    return out;
}

}  // namespace anteroom::unit
