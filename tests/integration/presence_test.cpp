// Presence, with a lease: a subscriber that polls again has not left in between.
#include "http_client.hpp"
#include "multi_room_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"
#include "websocket_client.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_vector.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

using names = std::vector<std::string>;

json::object presence_of(server_process const& server, std::string const& room) {
    auto const answer = http_client{server.at()}.exchange(get("/room/" + room + "/presence"));
    CHECK(answer.status == 200);
    return answer.json();
}

names present(server_process const& server, std::string const& room) {
    names all;
    auto const answer = presence_of(server, room);
    for (auto const& each : answer.at("present").as_array()) {
        all.push_back(json::value_to<std::string>(each.at("as")));
    }
    return all;
}

/// The joins and leaves of a room so far, such as "+ann".
names events(server_process const& server, std::string const& room) {
    names all;
    for (auto const& each : room_client{server.at(), room + ":presence"}.poll("after=0&wait=0&limit=1000").messages) {
        all.push_back((each.data.at("event") == "join" ? "+" : "-") + json::value_to<std::string>(each.data.at("as")));
    }
    return all;
}

}  // namespace

TEST_CASE("a subscriber with a name is present, in every form") {
    server_process const server;
    room_client raw{server.at(), "kitchen"};
    room_client polling{server.at(), "kitchen"};
    raw.start_poll("as=raw", {});
    CHECK(eventually([&] { return present(server, "kitchen").size() == 1; }));
    polling.start_poll("as=json");
    CHECK(eventually([&] { return present(server, "kitchen").size() == 2; }));
    stream_client const sse{server.at(), "/room/kitchen/subscribe?as=sse", sse_type};
    stream_client const ndjson{server.at(), "/subscribe?room=kitchen&as=ndjson", ndjson_type};
    websocket_client const socket{server.at(), "/room/kitchen/subscribe?as=%22socket%22%20%C3%A9"};
    stream_client const nameless{server.at(), "/room/kitchen/subscribe", sse_type};

    // In the order in which they joined, which for those that come at the same time is any.
    CHECK_THAT(present(server, "kitchen"),
               Catch::Matchers::UnorderedEquals(names{"raw", "json", "sse", "ndjson", "\"socket\" \xc3\xa9"}));
    // A stream sends its head before it is counted as waiting.
    CHECK(eventually([&] { return presence_of(server, "kitchen").at("subscribers").to_number<int>() == 6; }));
    auto const all = presence_of(server, "kitchen");
    CHECK(all.size() == 2);
    auto const now = std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    std::int64_t before = 0;
    for (auto const& each : all.at("present").as_array()) {
        CHECK(each.as_object().size() == 2);
        auto const since = each.at("since").to_number<std::int64_t>();
        CHECK(before <= since);
        before = since;
        CHECK(since <= now.count());
        CHECK(since > now.count() - milliseconds{crowd_timeout}.count());
    }
    CHECK(events(server, "kitchen") == names{"+raw", "+json", "+sse", "+ndjson", "+\"socket\" \xc3\xa9"});
}

TEST_CASE("joins and leaves are messages that a subscriber can wait for like any other") {
    server_process const server{{"--presence-lease", "300ms"}};
    stream_client watcher{server.at(), "/room/kitchen:presence/subscribe?as=watcher", ndjson_type};
    stream_client ann{server.at(), "/room/kitchen/subscribe?as=ann", sse_type};
    auto const joined = watcher.next_message();
    CHECK(joined.data == json::parse(R"({"event":"join","as":"ann"})"));
    CHECK_FALSE(joined.from);
    ann.raw().close();
    auto const left = watcher.next_message();
    CHECK(left.data == json::parse(R"({"event":"leave","as":"ann"})"));
    CHECK(left.time - joined.time >= 250);
    CHECK(present(server, "kitchen").empty());
    // The subscriber of the presence room causes no joins itself.
    CHECK(present(server, "kitchen:presence").empty());
    CHECK(room_client{server.at(), "kitchen:presence:presence"}.facts().messages == 0);
}

TEST_CASE("polling repeatedly causes no leaves") {
    server_process const server{{"--presence-lease", "1s", "--threads", "2"}};
    auto cursor = room_client{server.at(), "kitchen"}.cursor();
    stopwatch const watch;
    while (watch.elapsed() < 3s) {
        room_client ann{server.at(), "kitchen"};
        cursor = ann.poll("as=ann&wait=0.2&after=" + cursor).next;
        static_cast<void>(ann.http().is_quiet_for(100ms));
        CHECK(present(server, "kitchen") == names{"ann"});
    }
    CHECK(events(server, "kitchen") == names{"+ann"});
}

TEST_CASE("a killed client leaves when its lease expires, and not much later") {
    server_process const server{{"--presence-lease", "1s", "--threads", "2"}};
    stream_client watcher{server.at(), "/room/kitchen:presence/subscribe", ndjson_type};
    websocket_client socket{server.at(), "/room/kitchen/subscribe?as=socket"};
    CHECK(watcher.next_message().data.at("as") == "socket");
    stream_client stream{server.at(), "/room/kitchen/subscribe?as=stream", sse_type};
    CHECK(watcher.next_message().data.at("as") == "stream");
    room_client poller{server.at(), "kitchen"};
    poller.start_poll("as=poller");
    CHECK(watcher.next_message().data.at("as") == "poller");

    stopwatch const watch;
    socket.raw().reset();
    stream.raw().reset();
    poller.http().raw().reset();
    for (auto i = 0; i < 3; ++i) {
        CHECK(watcher.next_message().data.at("event") == "leave");
        CHECK(watch.elapsed() >= 950ms);
    }
    CHECK(watch.elapsed() < 2s + 500ms);  // half a second of tolerance
}

TEST_CASE("a name is present while any of its subscriptions is") {
    server_process const server{{"--presence-lease", "200ms"}};
    stream_client watcher{server.at(), "/room/kitchen:presence/subscribe", ndjson_type};
    stream_client one{server.at(), "/room/kitchen/subscribe?as=ann", sse_type};
    {
        websocket_client const two{server.at(), "/room/kitchen/subscribe?as=ann"};
        stream_client const bob{server.at(), "/room/kitchen/subscribe?as=bob", sse_type};
        CHECK(watcher.next_message().data.at("as") == "ann");
        CHECK(watcher.next_message().data.at("as") == "bob");
    }
    CHECK(watcher.next_message().data == json::parse(R"({"event":"leave","as":"bob"})"));
    CHECK(present(server, "kitchen") == names{"ann"});
    one.raw().close();
    CHECK(watcher.next_message().data == json::parse(R"({"event":"leave","as":"ann"})"));
    stream_client const again{server.at(), "/room/kitchen/subscribe?as=ann", sse_type};
    CHECK(watcher.next_message().data == json::parse(R"({"event":"join","as":"ann"})"));
}

TEST_CASE("a subscriber of several rooms is present in each") {
    server_process const server;
    stream_client const ann{server.at(), target_for_rooms("/subscribe", {"kitchen", "hall", "kitchen"}, "as=ann"),
                            sse_type};
    CHECK(present(server, "kitchen") == names{"ann"});
    CHECK(present(server, "hall") == names{"ann"});
    CHECK(events(server, "kitchen") == names{"+ann"});
}

TEST_CASE("presence works with the longest names of rooms and subscribers") {
    server_process const server;
    auto const room = std::string(128, 'r');
    auto const name = std::string(64, 'n');
    stream_client watcher{server.at(), "/room/" + room + ":presence/subscribe", ndjson_type};
    stream_client const ann{server.at(), "/room/" + room + "/subscribe?as=" + name, sse_type};
    CHECK(watcher.next_message().data.at("as") == json::value(name));
    CHECK(present(server, room) == names{name});
    http_client client{server.at()};
    check_problem(client.exchange(get("/room/" + room + "r:presence/subscribe?wait=0")), 400);
    check_problem(client.exchange(get("/room/kitchen/subscribe?wait=0&as=" + name + "n")), 400,
                  "'as' must be 1 to 64 characters without control characters");
}

TEST_CASE("joins and leaves cannot be published by clients") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* target : {"/room/kitchen:presence/publish", "/room/kitchen%3Apresence/publish",
                               "/publish?room=kitchen:presence", "/publish?room=hall&room=kitchen:presence"}) {
        INFO(target);
        check_problem(client.exchange(post(target, R"({"event":"join","as":"ghost"})", json_type)), 403,
                      "a room of joins and leaves is published by the server alone");
    }
    CHECK(room_client{server.at(), "kitchen:presence"}.facts().messages == 0);
    CHECK(room_client{server.at(), "hall"}.facts().messages == 0);
    CHECK(present(server, "kitchen").empty());
}

TEST_CASE("the presence of an unused room is empty and creates no room") {
    server_process const server;
    auto const nobody = presence_of(server, "ghost");
    CHECK(nobody.at("present").as_array().empty());
    CHECK(nobody.at("subscribers").to_number<int>() == 0);
    CHECK(http_client{server.at()}.exchange(get("/rooms")).body.find("ghost") == std::string::npos);
}
