// Gaps: messages that a room no longer has are always reported, with their exact number where it is known.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

std::vector<std::string> publish_numbers(room_client& client, int first, int last) {
    std::vector<std::string> ids;
    for (auto i = first; i <= last; ++i) {
        ids.push_back(client.publish(std::to_string(i)));
    }
    return ids;
}

}  // namespace

TEST_CASE("evicted messages are reported with their exact number") {
    server_process const server{{"--history-messages", "5"}};
    room_client client{server.at(), "kitchen"};
    auto const ids = publish_numbers(client, 1, 12);
    struct place {
        std::string after;
        std::uint64_t missed;
        std::vector<std::string> texts;
    };
    std::vector<std::string> const kept{"8", "9", "10", "11", "12"};
    std::vector<place> const places{
        {"0", 7, kept},       {ids[0], 6, kept}, {ids[2], 4, kept},
        {ids[5], 1, kept},    {ids[6], 0, kept}, {ids[7], 0, {"9", "10", "11", "12"}},
        {ids[10], 0, {"12"}},
    };
    for (auto const& [after, missed, texts] : places) {
        INFO(after);
        auto const json = client.poll("after=" + after);
        CHECK(json.texts() == texts);
        CHECK(json.next == ids.back());
        auto const raw = client.poll_raw("after=" + after);
        CHECK(raw.body == texts.front());
        CHECK(raw.header("Last-Event-ID") == ids[std::stoul(texts.front()) - 1]);
        if (missed == 0) {
            CHECK(json.gaps.empty());
            CHECK_FALSE(raw.has("Gap"));
        } else {
            CHECK(json.gaps == std::vector{gap{"evicted", missed}});
            CHECK(raw.header("Gap") == "evicted;missed=" + std::to_string(missed));
        }
    }
    CHECK(client.poll("wait=0&after=" + ids.back()).messages.empty());
}

TEST_CASE("polling on after a gap reports no further gap") {
    server_process const server{{"--history-messages", "5"}};
    room_client client{server.at(), "kitchen"};
    publish_numbers(client, 1, 12);

    auto answer = client.poll("after=0&limit=2");
    CHECK(answer.gaps == std::vector{gap{"evicted", 7}});
    CHECK(answer.texts() == std::vector<std::string>{"8", "9"});
    answer = client.poll("after=" + answer.next);
    CHECK(answer.gaps.empty());
    CHECK(answer.texts() == std::vector<std::string>{"10", "11", "12"});
}

TEST_CASE("a room never holds more messages or bytes than its limits, and reports what is missing") {
    server_process const server{{"--history-messages", "50", "--history-bytes", "8K"}};
    room_client client{server.at(), "kitchen"};
    constexpr std::uint64_t published = 60;
    for (std::uint64_t i = 0; i < published; ++i) {
        client.publish(std::string(500, 'x'));
        auto const facts = client.facts();
        CHECK(facts.messages <= 50);
        CHECK(facts.bytes <= 8 * 1024);
    }
    auto const answer = client.poll("after=0&limit=1000");
    REQUIRE(answer.gaps.size() == 1);
    CHECK(answer.gaps[0].reason == "evicted");
    CHECK(answer.gaps[0].missed == published - answer.messages.size());
    CHECK(answer.messages.size() >= 4);
    CHECK(number_of(answer.messages.back().id) == published);
}

TEST_CASE("messages past their maximum age are evicted, and reported") {
    server_process const server{{"--history-age", "2s"}};
    room_client client{server.at(), "kitchen"};
    auto const ids = publish_numbers(client, 1, 3);
    // A subscriber keeps the room in use, so that its numbering continues.
    room_client waiting{server.at(), "kitchen"};
    waiting.start_poll("after=" + ids.back() + "&wait=60");
    await_subscribers(server.at(), "kitchen", 1);

    CHECK(eventually([&] { return client.facts().messages == 0; }));
    auto const fourth = client.publish("4");

    CHECK(number_of(fourth) == 4);
    CHECK(waiting.finish_poll().texts() == std::vector<std::string>{"4"});
    auto const answer = client.poll("after=" + ids.front());
    CHECK(answer.gaps == std::vector{gap{"evicted", 2}});
    CHECK(answer.texts() == std::vector<std::string>{"4"});
}

TEST_CASE("a cursor from before a restart is answered at once with a gap") {
    std::string old;
    {
        server_process const server;
        room_client client{server.at(), "kitchen"};
        old = publish_numbers(client, 1, 3).back();
    }
    server_process const server;
    room_client client{server.at(), "kitchen"};
    stopwatch const watch;
    SECTION("in a room that has not been used yet") {
        auto const json = client.poll("wait=60&after=" + old);
        REQUIRE(json.gaps.size() == 1);
        CHECK(json.gaps[0].reason == "restarted");
        CHECK(json.messages.empty());
        auto const raw = client.poll_raw("wait=60&after=" + old);
        CHECK(raw.status == 204);
        CHECK(parse_gap_header(raw).value_or(gap{}).reason == "restarted");
        CHECK(watch.elapsed() < default_timeout);

        client.publish("new");
        for (auto const& cursor : {json.next, raw.header("Last-Event-ID")}) {
            auto const next = client.poll("after=" + cursor);
            CHECK(next.gaps.empty());
            CHECK(next.texts() == std::vector<std::string>{"new"});
        }
    }
    SECTION("in a room that is in use again, though its numbers fit") {
        publish_numbers(client, 11, 15);
        auto const json = client.poll("wait=60&after=" + old);
        REQUIRE(json.gaps.size() == 1);
        CHECK(json.gaps[0].reason == "restarted");
        CHECK(json.texts() == std::vector<std::string>{"11", "12", "13", "14", "15"});
        auto const raw = client.poll_raw("wait=60&after=" + old);
        CHECK(raw.status == 200);
        CHECK(raw.body == "11");
        CHECK(parse_gap_header(raw).value_or(gap{}).reason == "restarted");
        CHECK(client.poll("wait=0&after=" + json.next).gaps.empty());
    }
}

TEST_CASE("a number beyond the room's last is answered at once with a gap and what the room holds") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const ids = publish_numbers(client, 1, 2);
    for (auto const* number : {"3", "1000", "9223372036854775807", "18446744073709551615"}) {
        auto const beyond = epoch_of(ids.back()) + "-" + number;
        INFO(beyond);
        auto const json = client.poll("wait=60&after=" + beyond);
        REQUIRE(json.gaps.size() == 1);
        CHECK(json.gaps[0].reason == "restarted");
        CHECK(json.texts() == std::vector<std::string>{"1", "2"});
        CHECK(json.next == ids.back());
        auto const raw = client.poll_raw("wait=60&after=" + beyond);
        CHECK(raw.body == "1");
        CHECK(parse_gap_header(raw).value_or(gap{}).reason == "restarted");
    }
}

TEST_CASE("the cursor of one room is foreign to another") {
    server_process const server;
    room_client kitchen{server.at(), "kitchen"};
    room_client hall{server.at(), "hall"};
    auto const foreign = publish_numbers(kitchen, 1, 5).back();
    publish_numbers(hall, 11, 12);
    auto const answer = hall.poll("wait=60&after=" + foreign);
    REQUIRE(answer.gaps.size() == 1);
    CHECK(answer.gaps[0].reason == "restarted");
    CHECK(answer.texts() == std::vector<std::string>{"11", "12"});
}

TEST_CASE("all rooms together stay within the memory budget") {
    server_process const server{{"--memory", "1M", "--history-bytes", "256K"}};
    http_client observer{server.at()};
    constexpr auto rooms = 20;
    constexpr auto each = 5;
    for (auto i = 0; i < rooms * each; ++i) {
        room_client{server.at(), "room" + std::to_string(i % rooms)}.publish(std::string(32 * 1024, 'x'));
    }
    std::uint64_t bytes = 0;
    auto const answer = observer.exchange(get("/rooms?limit=1000")).json();
    for (auto const& facts : answer.at("rooms").as_array()) {
        bytes += parse_facts(facts.as_object()).bytes;
    }
    CHECK(bytes <= 1024 * 1024);
    CHECK(bytes >= 256 * 1024);
    // The newest messages are still delivered, and every evicted one is reported.
    room_client last{server.at(), "room" + std::to_string(rooms - 1)};
    auto const kept = last.poll("after=0");
    REQUIRE_FALSE(kept.messages.empty());
    CHECK(number_of(kept.messages.back().id) == each);
    auto const missed = kept.gaps.empty() ? 0 : kept.gaps[0].missed.value_or(0);
    CHECK(missed + kept.messages.size() == each);
}
