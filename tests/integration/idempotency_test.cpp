// Idempotency-Key: a repeated publish takes effect once, and both get the same receipt.
#include "crowd.hpp"
#include "http_client.hpp"
#include "multi_room_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "stream_client.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

request keyed(std::string const& room, std::string const& key, std::string body = "hello") {
    return post("/room/" + room + "/publish", std::move(body), "text/plain", {{"Idempotency-Key", key}});
}

std::string id_of(response const& answer) {
    return json::value_to<std::string>(answer.json().at("id"));
}

bool is_duplicate(response const& answer) {
    auto const object = answer.json();
    auto const* const said = object.if_contains("duplicate");
    return said != nullptr && said->as_bool();
}

std::uint64_t messages_in(server_process const& server, std::string const& room) {
    return room_client{server.at(), room}.facts().messages;
}

}  // namespace

TEST_CASE("a repeat appends nothing and gets the first response again") {
    server_process const server;
    http_client client{server.at()};
    auto const first = client.exchange(keyed("kitchen", "k-1"));
    CHECK(first.status == 201);
    CHECK_FALSE(is_duplicate(first));
    for (auto const* key : {"k-1", "\"k-1\""}) {
        auto const again = http_client{server.at()}.exchange(keyed("kitchen", key));
        INFO(again.text());
        CHECK(again.status == 201);
        CHECK(is_duplicate(again));
        auto expected = first.json();
        expected["duplicate"] = true;
        CHECK(again.json() == expected);
    }
    CHECK(messages_in(server, "kitchen") == 1);
    CHECK_FALSE(is_duplicate(client.exchange(keyed("kitchen", "k-2"))));
    CHECK(messages_in(server, "kitchen") == 2);
}

TEST_CASE("a key that comes with another message publishes nothing") {
    server_process const server;
    http_client client{server.at()};
    auto const first = id_of(client.exchange(keyed("kitchen", "k")));
    check_problem(client.exchange(keyed("kitchen", "k", "something else")), 422);
    CHECK(id_of(client.exchange(keyed("kitchen", "k"))) == first);
    CHECK(messages_in(server, "kitchen") == 1);
}

TEST_CASE("a key is scoped to its room") {
    server_process const server;
    http_client client{server.at()};
    CHECK_FALSE(is_duplicate(client.exchange(keyed("kitchen", "k"))));
    CHECK_FALSE(is_duplicate(client.exchange(keyed("hall", "k"))));
    CHECK(is_duplicate(client.exchange(keyed("%6Bitchen", "k"))));
    CHECK(messages_in(server, "kitchen") == 1);
    CHECK(messages_in(server, "hall") == 1);
}

TEST_CASE("a refused publish does not use up its key") {
    server_process const server;
    http_client client{server.at()};
    check_problem(client.exchange(keyed("kitchen", "k", "\xff")), 400);
    check_problem(client.exchange(keyed("kitchen", "k", "")), 400);
    auto const answer = client.exchange(keyed("kitchen", "k"));
    CHECK(answer.status == 201);
    CHECK_FALSE(is_duplicate(answer));
}

TEST_CASE("a batch and a message to several rooms are repeated as a whole") {
    server_process const server;
    http_client client{server.at()};
    for (auto i = 0; i < 3; ++i) {
        auto const batch =
            client.exchange(post("/room/kitchen/publish", "1\n2\n", ndjson_type, {{"Idempotency-Key", "batch"}}));
        CHECK(batch.json().at("ids").as_array().size() == 2);
        CHECK(is_duplicate(batch) == (i > 0));
        auto const several = client.exchange(
            post(target_for_rooms("/publish", {"attic", "hall"}), "x", "text/plain", {{"Idempotency-Key", "several"}}));
        CHECK(is_duplicate(several) == (i > 0));
    }
    CHECK(messages_in(server, "kitchen") == 2);
    CHECK(messages_in(server, "attic") == 1);
    CHECK(messages_in(server, "hall") == 1);
}

TEST_CASE("after its window a key counts as new") {
    server_process const server{{"--idempotency-window", "300ms"}};
    http_client client{server.at()};
    stopwatch const watch;
    auto const first = id_of(client.exchange(keyed("kitchen", "k")));
    auto second = first;
    CHECK(eventually([&] {
        auto const answer = client.exchange(keyed("kitchen", "k"));
        CHECK(is_duplicate(answer) == (id_of(answer) == first));
        second = id_of(answer);
        return !is_duplicate(answer);
    }));
    CHECK(watch.elapsed() >= 300ms);
    CHECK(second != first);
    CHECK(messages_in(server, "kitchen") == 2);
}

TEST_CASE("concurrent repeats on many connections publish once") {
    server_process const server{{"--threads", "2"}};
    for (auto round = 0; round < 10; ++round) {
        auto const bytes = keyed("kitchen", "k-" + std::to_string(round)).bytes();
        crowd many{server.at(), 20, [&](std::size_t) { return bytes; }};
        many.read_until([](crowd::member const& one) { return !one.answers.empty(); });
        std::set<std::string> ids;
        auto firsts = 0;
        for (auto const& one : many.members()) {
            REQUIRE(one.answers.front().status / 100 == 2);
            ids.insert(id_of(one.answers.front()));
            firsts += is_duplicate(one.answers.front()) ? 0 : 1;
        }
        CHECK(ids.size() == 1);
        CHECK(firsts == 1);
    }
    CHECK(messages_in(server, "kitchen") == 10);
}

TEST_CASE("a key is 1 to 128 visible characters") {
    server_process const server;
    http_client client{server.at()};
    for (auto const& key : {std::string{"!"}, std::string(128, '~'), std::string{"a,b;\"c\""}}) {
        INFO(key);
        CHECK(client.exchange(keyed("kitchen", key)).status == 201);
        CHECK(is_duplicate(client.exchange(keyed("kitchen", key))));
    }
    for (auto const& key : {std::string{}, std::string(129, 'k'), std::string{"a b"}, std::string{"caf\xc3\xa9"}}) {
        INFO(key);
        check_problem(client.exchange(keyed("kitchen", key)), 400,
                      "Idempotency-Key must be 1 to 128 visible ASCII characters");
    }
    CHECK(messages_in(server, "kitchen") == 3);
}
