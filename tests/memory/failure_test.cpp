// The whole server, on two shards, while every n-th allocation of its threads fails.
#include "connection.hpp"
#include "failing_new.hpp"
#include "follower.hpp"
#include <anteroom/base/log.hpp>
#include <anteroom/handlers/api.hpp>
#include <anteroom/http/server.hpp>

#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace anteroom;
using namespace anteroom::memory;
using namespace std::chrono_literals;

namespace {

constexpr unsigned most = 200;
constexpr auto patience = 20s;

constexpr std::array<embedded_file, 1> files = {{{"index.html", "<!doctype html>"}}};

hub_options long_memory() {
    hub_options out;
    out.history.messages = 1'000'000;
    out.history.bytes = std::size_t{1} << 30U;
    return out;
}

class running_server {
  public:
    running_server() {
        auto const url = server_.listen(net::parse_address("127.0.0.1:0").value());
        address_ = url.substr(7, url.size() - 8);
        for (auto* each : server_.shards())
            asio::post(each->io(), [] { fail_here(); });
        thread_ = std::thread([this] { server_.run(service_, options_, 10s); });
    }
    ~running_server() {
        std::raise(SIGTERM);
        thread_.join();
    }
    running_server(running_server const&) = delete;
    running_server& operator=(running_server const&) = delete;

    std::string const& address() const noexcept { return address_; }

  private:
    http::server server_{2};
    hub rooms_{server_.shards(), long_memory()};
    assets page_{files};
    api service_{rooms_, server_.shards(), page_, api_options{}};
    http::options options_;
    std::string address_;
    std::thread thread_;
};

/// Publishes to one or two rooms, over one connection as long as it lasts.
class publisher {
  public:
    explicit publisher(std::string const& at) : at_(at), with_(at) {}

    /// Adds the text of the message if it was acknowledged.
    void publish(std::string const& target, bool key, std::set<std::string>& acknowledged) {
        if (!with_.alive())
            with_ = connection(at_);
        ++count_;
        auto const text = "message " + std::to_string(count_) + std::string(count_ % 7 * 100, 'x');
        auto const got = exchange(with_,
                                  "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" +
                                      (key ? "Idempotency-Key: k" + std::to_string(count_) + "\r\n" : std::string()) +
                                      "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text,
                                  10);
        if (got && got->status == 201)
            acknowledged.insert(text);
    }

  private:
    std::string at_;
    connection with_;
    std::size_t count_ = 0;
};

/// All messages of a room, as its history has them.
std::vector<received> history_of(std::string const& at, std::string const& room) {
    std::vector<received> out;
    std::string cursor = "0";
    for (bool more = true; more;) {
        connection with(at);
        auto const got = exchange(
            with, "GET /room/" + room + "/messages?limit=1000&after=" + cursor + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            10);
        REQUIRE(got);
        REQUIRE(got->status == 200);
        auto const value = boost::json::parse(got->body);
        for (auto const& each : value.at("messages").as_array()) {
            std::string const id(each.at("id").as_string());
            out.push_back(
                {std::strtoull(id.c_str() + id.find('-') + 1, nullptr, 10), std::string(each.at("data").as_string())});
        }
        more = value.as_object().contains("more") && value.at("more").as_bool();
        cursor = value.at("next").as_string();
    }
    return out;
}

bool within(std::chrono::seconds time, auto const& holds) {
    auto const end = std::chrono::steady_clock::now() + time;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

struct followed {
    form how;
    std::vector<std::string> rooms;
};
std::vector<followed> const kinds = {{form::json, {"a"}},         {form::json, {"a"}},   {form::several, {"a", "b"}},
                                     {form::several, {"a", "b"}}, {form::ndjson, {"a"}}, {form::ndjson, {"a"}},
                                     {form::sse, {"a"}},          {form::sse, {"a"}},    {form::websocket, {"a"}},
                                     {form::websocket, {"a"}}};

}  // namespace

TEST_CASE("every n-th allocation of the server fails, and only those concerned notice") {
    log::configure(log::level::error, log::format::text);
    std::signal(SIGPIPE, SIG_IGN);
    unsigned first = 1;
    unsigned last = most;
    if (auto const* const only = std::getenv("ANTEROOM_EVERY"))
        first = last = static_cast<unsigned>(std::atoi(only));
    running_server const server;
    publisher one(server.address());
    publisher other(server.address());
    std::set<std::string> in_a;
    std::set<std::string> in_b;
    // The rooms' lives begin.
    one.publish("/room/a/publish", false, in_a);
    one.publish("/room/b/publish", false, in_b);
    REQUIRE(in_a.size() + in_b.size() == 2);
    std::vector<std::unique_ptr<follower>> followers;
    for (auto const& each : kinds)
        followers.push_back(std::make_unique<follower>(server.address(), each.how));
    auto const reached = [&](std::uint64_t a, std::uint64_t b) {
        for (std::size_t i = 0; i < followers.size(); ++i) {
            if (followers[i]->reached("a") < a || (kinds[i].rooms.size() > 1 && followers[i]->reached("b") < b))
                return false;
        }
        return true;
    };
    REQUIRE(within(patience, [&] { return reached(1, 1); }));

    for (unsigned n = first; n <= last; ++n) {
        CAPTURE(n);
        fail_every(n);
        // After a failed accept a shard pauses, so that the smallest n take their time.
        auto const end = std::chrono::steady_clock::now() + 300ms;
        for (int i = 0; i < 6 && std::chrono::steady_clock::now() < end; ++i) {
            one.publish("/room/a/publish", i % 2 == 0, in_a);
            other.publish("/room/b/publish", i % 2 != 0, in_b);
            one.publish("/publish?room=a&room=b", false, in_a);
        }
        fail_every(0);
        // Nothing more is published: who was not woken, or is not woken up to the end, stays behind.
        auto const a = history_of(server.address(), "a");
        auto const b = history_of(server.address(), "b");
        bool const all = within(patience, [&] { return reached(a.size(), b.size()); });
        for (std::size_t i = 0; i < followers.size(); ++i) {
            CAPTURE(i, static_cast<int>(kinds[i].how), followers[i]->connections());
            CHECK(followers[i]->reached("a") == a.size());
            REQUIRE(followers[i]->wrong() == "");
        }
        REQUIRE(all);
    }

    auto const published = history_of(server.address(), "a");
    auto const texts = [](std::vector<received> const& of) {
        std::vector<std::string> out;
        for (auto const& each : of)
            out.push_back(each.data);
        return out;
    };
    std::multiset<std::string> kept;
    for (auto const& each : published)
        kept.insert(each.data);
    for (auto const& each : in_a)
        CHECK(kept.count(each) == 1);
    for (auto& each : followers)
        CHECK(texts(each->all("a")) == texts(published));
    CHECK(failures() > 0);
    WARN(failures() << " allocations failed; " << published.size() << " messages were published in room a");
}
