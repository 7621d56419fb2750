// Clients that do not read: they are dropped after a time-out, and do not affect others.
#include "crowd.hpp"
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "unread_response.hpp"

#include <catch2/catch_test_macros.hpp>

#include <list>
#include <string>

using namespace anteroom::integration;

TEST_CASE("a client that does not read its response is dropped after --write-timeout") {
    server_process const server{large_room_flags({"--threads", "1", "--write-timeout", "500ms"})};
    room_client writer{server.at(), "large"};
    fill_large_room(writer);
    room_client other{server.at(), "kitchen"};
    auto cursor = other.cursor();
    auto const before = server.open_descriptors();
    stopwatch const watch;
    unread_response slow{server.at()};
    CHECK(server.open_descriptors() == before + 1);

    // Other clients are served meanwhile.
    auto rounds = 0;
    auto const dropped = eventually([&] {
        other.publish("tick");
        cursor = other.poll("after=" + cursor).next;
        ++rounds;
        return server.open_descriptors() == before;
    });

    CHECK(dropped);
    CHECK(watch.elapsed() >= 450ms);
    CHECK(rounds > 1);
    CHECK(number_of(cursor) == static_cast<std::uint64_t>(rounds));
    CHECK(slow.read_rest() < large_room_size);
}

TEST_CASE("subscribers that do not read a large message delay nobody else") {
    server_process const server{
        {"--threads", "1", "--write-timeout", "2s", "--max-body", "16M", "--history-bytes", "64M"}};
    room_client writer{server.at(), "kitchen"};
    writer.publish("before");
    auto const before = server.open_descriptors();
    auto const poll = get("/room/kitchen/subscribe").bytes();
    crowd readers{server.at(), 5, [&](std::size_t) { return poll; }};
    std::list<http_client> idle;
    for (auto i = 0; i < 10; ++i) {
        idle.emplace_back(server.at(), 4096).send(poll);
    }
    await_subscribers(server.at(), "kitchen", 15);

    std::string const large(12 * 1024 * 1024, 'x');
    CHECK(writer.publish_for_receipt(large).at("subscribers").to_number<int>() == 15);

    readers.read_until([](crowd::member const& one) { return !one.answers.empty(); });
    for (auto const& reader : readers.members()) {
        CHECK((reader.answers.front().body == large));
    }
    CHECK(eventually([&] { return server.open_descriptors() == before + readers.members().size(); }));
    for (auto& reader : readers.members()) {
        reader.socket.send(get("/healthz").bytes());
    }
    readers.read_until([](crowd::member const& one) { return one.answers.size() == 2; });
}

TEST_CASE("a client that sends requests and never reads gets one response at a time") {
    server_process const server{large_room_flags({"--threads", "1", "--write-timeout", "500ms"})};
    room_client writer{server.at(), "large"};
    fill_large_room(writer);
    auto const before = server.open_descriptors();
    http_client greedy{server.at(), 4096};
    std::string many;
    for (auto i = 0; i < 100; ++i) {
        many += get("/room/large/messages?limit=1000").bytes();
    }
    static_cast<void>(greedy.raw().try_send(many));
    std::string taken;
    REQUIRE(greedy.raw().read_some(taken, default_timeout) == read_outcome::data);
    CHECK(server.open_descriptors() == before + 1);

    CHECK(eventually([&] { return server.open_descriptors() == before; }));
    CHECK(writer.http().exchange(get("/healthz")).status == 200);
}
