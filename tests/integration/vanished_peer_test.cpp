// Peers that vanish without a word, as when a cable is cut or a phone leaves its network: whatever their connections
// were doing, they are gone within the write timeout and a keep-alive.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

using namespace anteroom::integration;

namespace {

constexpr milliseconds write_timeout{2000};
constexpr milliseconds keep_alive{1000};
// The system's timers go by seconds, and the test's machine does other things.
constexpr milliseconds tolerance{4000};

/// From now on the socket's system receives nothing for it, and acknowledges nothing.
void vanish(connection& from) {
    sock_filter nothing{BPF_RET | BPF_K, 0, 0, 0};
    sock_fprog const filter{1, &nothing};
    REQUIRE(::setsockopt(from.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0);
}

std::size_t metric(endpoint const& where, std::string const& name) {
    auto const text = http_client{where}.exchange(get("/metrics")).body;
    auto const at = text.find("\n" + name + " ");
    REQUIRE(at != std::string::npos);
    return std::stoul(text.substr(at + name.size() + 2));
}

/// Checks that nobody but the one who asks is connected in time.
void check_gone(endpoint const& where) {
    CHECK(
        eventually([&] { return metric(where, "anteroom_connections") == 1; }, write_timeout + keep_alive + tolerance));
}

server_setup impatient() {
    return {.flags = {"--write-timeout", "2s", "--keep-alive", "1s", "--idle-timeout", "300s", "--poll-wait", "120s",
                      "--presence-lease", "1s"}};
}

}  // namespace

TEST_CASE("polls that wait, and connections that do nothing, are gone with their peers") {
    server_process const server{impatient()};
    std::vector<std::unique_ptr<room_client>> clients;
    for (auto const* as : {"ann", "bob"}) {
        clients.push_back(std::make_unique<room_client>(server.at(), "kitchen"));
        clients.back()->start_poll(std::string("as=") + as);
    }
    http_client idle{server.at()};
    CHECK(idle.exchange(get("/healthz")).status == 200);
    http_client silent{server.at()};
    http_client begun{server.at()};
    begun.send(post("/room/hall/publish", "hello").bytes());
    static_cast<void>(begun.receive());
    await_subscribers(server.at(), "kitchen", 2);

    for (auto& each : clients) {
        vanish(each->http().raw());
    }
    vanish(idle.raw());
    vanish(silent.raw());
    vanish(begun.raw());

    check_gone(server.at());
    CHECK(eventually(
        [&] {
            auto const present = http_client{server.at()}.exchange(get("/room/kitchen/presence")).json();
            return present.at("present").as_array().empty() && present.at("subscribers").to_number<int>() == 0;
        },
        default_timeout));
}

TEST_CASE("a poll that is answered to a peer that has vanished is gone with it") {
    server_process const server{impatient()};
    room_client writer{server.at(), "kitchen"};
    room_client reader{server.at(), "kitchen"};
    reader.start_poll();
    await_subscribers(server.at(), "kitchen", 1);
    vanish(reader.http().raw());
    writer.publish("too late");
    writer.http().raw().close();
    check_gone(server.at());
}

TEST_CASE("streams and WebSockets are gone with their peers") {
    server_process const server{impatient()};
    stream_client lines{server.at(), "/room/kitchen/subscribe?as=ann", ndjson_type};
    stream_client events{server.at(), "/room/kitchen/subscribe?as=bob", sse_type};
    websocket_client socket{server.at(), "/room/kitchen/subscribe?as=cat"};
    vanish(lines.raw());
    vanish(events.raw());
    vanish(socket.raw());
    check_gone(server.at());
}

TEST_CASE("a stream with much to be sent is gone with its peer") {
    server_process const server{impatient()};
    room_client writer{server.at(), "kitchen"};
    stream_client lines{server.at(), "/room/kitchen/subscribe", ndjson_type};
    vanish(lines.raw());
    for (int i = 0; i < 200; ++i) {
        writer.publish(std::string(60'000, 'x'));
    }
    writer.http().raw().close();
    check_gone(server.at());
}

TEST_CASE("peers that are there stay, however long nothing is said") {
    server_process const server{impatient()};
    room_client waiting{server.at(), "kitchen"};
    waiting.start_poll();
    http_client idle{server.at()};
    CHECK(idle.exchange(get("/healthz")).status == 200);
    CHECK(waiting.http().is_quiet_for(write_timeout + 2 * keep_alive));
    CHECK(idle.exchange(get("/healthz")).status == 200);
    room_client{server.at(), "kitchen"}.publish("hello");
    CHECK(waiting.finish_poll().messages.size() == 1);
}
