// The history of a room: the newest messages, backward and forward from a cursor; it never waits and never creates a
// room.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

struct page {
    std::vector<std::string> texts;
    std::string next;
    bool more = false;
};

page history(room_client& client, std::string const& query = "") {
    auto const answer = client.http().exchange(get(client.target("/messages") + (query.empty() ? "" : "?") + query));
    INFO(answer.text());
    REQUIRE(answer.status == 200);
    auto const object = answer.json();
    page result{{}, json::value_to<std::string>(object.at("next")), object.at("more").as_bool()};
    for (auto const& message : parse_messages(object)) {
        result.texts.push_back(json::value_to<std::string>(message.data));
    }
    return result;
}

std::vector<std::string> range(int first, int last) {
    std::vector<std::string> texts;
    for (auto i = first; i <= last; ++i) {
        texts.push_back(std::to_string(i));
    }
    return texts;
}

/// Publishes 1, 2, … and returns the ids; the id of message n is at index n - 1.
std::vector<std::string> publish_numbers(room_client& client, int count) {
    std::vector<std::string> ids;
    for (auto const& text : range(1, count)) {
        ids.push_back(client.publish(text));
    }
    return ids;
}

}  // namespace

TEST_CASE("the history is the newest messages, oldest first, and the cursor to subscribe from") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const ids = publish_numbers(client, 120);

    auto const newest = history(client);
    CHECK(newest.texts == range(21, 120));
    CHECK(newest.next == ids.back());
    CHECK(newest.more);
    auto const three = history(client, "limit=3");
    CHECK(three.texts == range(118, 120));
    CHECK(three.next == ids.back());
    CHECK(three.more);
    auto const all = history(client, "limit=1000");
    CHECK(all.texts == range(1, 120));
    CHECK_FALSE(all.more);

    client.publish("121");
    CHECK(client.poll("after=" + all.next).texts() == range(121, 121));
}

TEST_CASE("before pages back, with the messages strictly older than that id") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const ids = publish_numbers(client, 10);

    auto const page = history(client, "limit=3&before=" + ids[9]);
    CHECK(page.texts == range(7, 9));
    CHECK(page.more);
    CHECK(history(client, "limit=3&before=" + ids[6]).texts == range(4, 6));
    auto const first = history(client, "limit=3&before=" + ids[3]);
    CHECK(first.texts == range(1, 3));
    CHECK_FALSE(first.more);
    auto const partial = history(client, "limit=5&before=" + ids[2]);
    CHECK(partial.texts == range(1, 2));
    CHECK_FALSE(partial.more);
    auto const nothing = history(client, "limit=3&before=" + ids[0]);
    CHECK(nothing.texts.empty());
    CHECK_FALSE(nothing.more);
    CHECK(history(client, "before=0").texts.empty());
}

TEST_CASE("after pages forward until there is no more") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    auto const ids = publish_numbers(client, 10);

    std::vector<std::string> seen;
    std::string cursor = "0";
    auto more = true;
    for (auto pages = 0; more && pages < 10; ++pages) {
        auto const page = history(client, "limit=4&after=" + cursor);
        CHECK(page.texts.size() <= 4);
        seen.insert(seen.end(), page.texts.begin(), page.texts.end());
        cursor = page.next;
        more = page.more;
    }
    CHECK(seen == range(1, 10));
    CHECK(cursor == ids.back());
    CHECK_FALSE(more);
    auto const middle = history(client, "limit=2&after=" + ids[3]);
    CHECK(middle.texts == range(5, 6));
    CHECK(middle.next == ids[5]);
    CHECK(middle.more);
    auto const end = history(client, "after=" + ids.back());
    CHECK(end.texts.empty());
    CHECK(end.next == ids.back());
    CHECK_FALSE(end.more);
}

TEST_CASE("the history of an unused room is answered at once, and creates no room") {
    server_process const server{{"--poll-wait", "60s"}};
    room_client client{server.at(), "kitchen"};
    stopwatch const watch;
    auto const empty = history(client);
    CHECK(empty.texts.empty());
    CHECK_FALSE(empty.more);
    CHECK(history(client, "after=" + empty.next).texts.empty());
    CHECK(history(client, "after=0&limit=1").texts.empty());
    CHECK(watch.elapsed() < default_timeout);
    CHECK(client.http().exchange(get("/rooms")).body.find("kitchen") == std::string::npos);

    client.publish("1");
    auto const first = client.poll("after=" + empty.next);
    CHECK(first.texts() == range(1, 1));
    CHECK(first.gaps.empty());
}

TEST_CASE("the history has the messages that the room still holds") {
    server_process const server{{"--history-messages", "5"}};
    room_client client{server.at(), "kitchen"};
    auto const ids = publish_numbers(client, 12);
    CHECK(history(client).texts == range(8, 12));
    CHECK_FALSE(history(client).more);
    CHECK(history(client, "after=" + ids[0]).texts == range(8, 12));
    CHECK(history(client, "before=" + ids[8]).texts == range(8, 8));
    CHECK(history(client, "before=" + ids[2]).texts.empty());
}

TEST_CASE("a message in the history is the same as in a poll") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    CHECK(client.http().exchange(post(client.target("/publish?as=ann"), "[1, 2]", json_type)).status == 201);
    client.publish("text");
    auto const past = client.http().exchange(get(client.target("/messages"))).json();
    client.start_poll("after=0");
    CHECK(past.at("messages") == client.http().receive().json().at("messages"));
}

TEST_CASE("an invalid request for the history is refused") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    for (auto const* query : {"limit=0", "limit=1001", "limit=-1", "limit=x", "after=nonsense", "before=nonsense",
                              "before=k3f9x-", "after=-1"}) {
        INFO(query);
        check_problem(client.http().exchange(get(client.target("/messages?") + query)), 400);
    }
}
