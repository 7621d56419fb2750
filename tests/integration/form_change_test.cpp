// The delivery guarantee across forms: a client that changes its form and its rooms on every message gets every message
// once and in order, or a gap.
#include "http_client.hpp"
#include "multi_room_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <future>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

constexpr auto room_count = 6;
constexpr std::uint64_t messages_per_room = 60;

std::vector<std::string> room_names() {
    std::vector<std::string> names;
    for (auto i = 0; i < room_count; ++i) {
        names.push_back("room " + std::to_string(i));
    }
    return names;
}

/// Publishes to all rooms in turn; returns the ids by room.
std::map<std::string, std::vector<std::string>> publish_in_all(endpoint const& where) {
    std::map<std::string, std::vector<std::string>> published;
    for (std::uint64_t i = 0; i < messages_per_room; ++i) {
        for (auto const& room : room_names()) {
            published[room].push_back(room_client{where, percent_encoded(room)}.publish(std::to_string(i)));
        }
    }
    return published;
}

/// What one reader received in each room: the numbers of its messages in order of arrival, and the number reported as
/// missed.
struct received_log {
    std::map<std::string, std::vector<std::uint64_t>> numbers;
    std::map<std::string, std::uint64_t> missed;

    [[nodiscard]] std::uint64_t total() const {
        std::uint64_t sum = 0;
        for (auto const& [room, all] : numbers) {
            sum += all.size();
        }
        for (auto const& [room, count] : missed) {
            sum += count;
        }
        return sum;
    }
};

void take(received_log& so_far, multi_room_client::batch const& found) {
    for (auto const& each : found.gaps) {
        CHECK(each.reason == "evicted");
        so_far.missed[each.room] += each.missed.value();
    }
    for (auto const& each : found.messages) {
        auto& numbers = so_far.numbers[each.room.value()];
        CHECK((numbers.empty() || numbers.back() < number_of(each.id)));
        numbers.push_back(number_of(each.id));
    }
}

received_log follow(server_process const& server, unsigned seed) {
    std::mt19937 random{seed};
    received_log result;
    multi_room_client client{server.at()};
    auto const all = room_names();
    for (auto const& room : all) {
        client.cursor().set(room, "0");
    }
    while (result.total() < room_count * messages_per_room) {
        // One or more rooms that have not been read to the end, so that there is always a message left.
        std::vector<std::string> rooms;
        std::uint64_t to_come = 0;
        for (auto const& room : all) {
            auto const place = client.cursor().at(room);
            auto const left = messages_per_room - (place == "0" ? 0 : number_of(place));
            if (left > 0 && (rooms.empty() || random() % 3 > 0)) {
                rooms.push_back(room);
                to_come += left;
            }
        }
        std::ranges::shuffle(rooms, random);
        auto const limit = std::min<std::uint64_t>(to_come, 1 + random() % 3);
        take(result, client.next(all_forms.at(random() % all_forms.size()), rooms, limit));
    }
    return result;
}

}  // namespace

TEST_CASE("changing the form and the rooms on every message loses and repeats no message") {
    server_process const server{{"--threads", "2"}};
    auto writing = std::async(std::launch::async, publish_in_all, server.at());
    auto const first = follow(server, 1);
    auto const published = writing.get();
    auto const second = follow(server, 2);
    for (auto const& result : {first, second}) {
        CHECK(result.missed.empty());
        for (auto const& [room, ids] : published) {
            std::vector<std::uint64_t> expected;
            for (auto const& id : ids) {
                expected.push_back(number_of(id));
            }
            CHECK(result.numbers.at(room) == expected);
        }
    }
}

TEST_CASE("with concurrent eviction, received plus missed is what was published") {
    server_process const server{{"--threads", "2", "--history-messages", "7"}};
    auto writing = std::async(std::launch::async, publish_in_all, server.at());
    auto const while_written = follow(server, 3);
    writing.get();
    auto const after_all = follow(server, 4);
    for (auto const& room : room_names()) {
        for (auto const& result : {while_written, after_all}) {
            auto const missed = result.missed.contains(room) ? result.missed.at(room) : 0;
            CHECK(result.numbers.at(room).size() + missed == messages_per_room);
        }
        CHECK(after_all.missed.at(room) == messages_per_room - 7);
    }
}
