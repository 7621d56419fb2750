// Bursts: a publisher whose input holds more requests wakes each subscriber once, who gets all messages in one write.
#include "handlers/house.hpp"
#include "websocket/client_frames.hpp"

#include <deque>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

/// The server's end of a connection, which counts what is written.
class counting_stream final : public net::test_stream {
  public:
    counting_stream(asio::io_context& io, net::test_stream& other, int& writes)
        : test_stream(io, other), writes_(writes) {}

  private:
    std::size_t do_write(std::span<asio::const_buffer const> from, std::size_t size, net::error_code& ec) override {
        ++writes_;
        return test_stream::do_write(from, size, ec);
    }

    int& writes_;
};

/// A subscriber whose server's writes are counted.
struct counted_client {
    explicit counted_client(anteroom_house& in)
        : end(in.sessions, [&](net::test_stream& other) {
              http::session::start<counting_stream>(in.sessions, in.home.io(), other, writes);
          }) {}

    int writes = 0;
    client end;
};

constexpr int burst_size = 16;

std::string requests_of_burst() {
    std::string out;
    for (int i = 0; i < burst_size; ++i)
        out += request("POST /room/a/publish", {}, std::to_string(i));
    return out;
}

std::vector<std::string> texts_of_burst() {
    std::vector<std::string> out;
    for (int i = 0; i < burst_size; ++i)
        out.push_back(std::to_string(i));
    return out;
}

/// Five subscribers of each kind in room `a`, before and after a burst.
struct subscribers {
    explicit subscribers(anteroom_house& in) {
        for (int i = 0; i < 5; ++i) {
            streams.emplace_back(in).end.send(request("GET /room/a/subscribe", accept_sse));
            sockets.emplace_back(in).end.send(request("GET /room/a/subscribe", visitor::upgrade_fields));
        }
        for (auto* each : {&streams, &sockets}) {
            for (auto& one : *each) {
                one.end.receive();
                one.writes = 0;
            }
        }
    }
    void check() {
        for (auto* each : {&streams, &sockets}) {
            for (auto& one : *each) {
                CHECK(one.writes == 1);
                CHECK(texts_in(one.end.receive()) == texts_of_burst());
                one.writes = 0;
            }
        }
    }

    std::deque<counted_client> streams;
    std::deque<counted_client> sockets;
};

}  // namespace

TEST_CASE("16 pipelined publishes come to each subscriber in one write, and every receipt counts the subscribers") {
    anteroom_house it;
    subscribers all(it);
    visitor publisher(it);
    for (int round = 0; round < 3; ++round) {
        publisher.send(requests_of_burst());
        auto text = publisher.receive();
        for (int i = 0; i < burst_size; ++i) {
            auto const got = take_answer(text);
            CHECK(got.status == 201);
            CHECK(got.body.ends_with(R"("subscribers":10})"));
        }
        CHECK(text.empty());
        all.check();
    }
}

TEST_CASE("16 frames of a WebSocket come to each subscriber in one write, and every acknowledgement counts them") {
    anteroom_house it;
    subscribers all(it);
    visitor publisher(it);
    publisher.upgrade("/room/a/subscribe");
    std::string burst;
    for (int i = 0; i < burst_size; ++i)
        burst += whole(op::text, R"({"data":")" + std::to_string(i) + "\"}");
    for (int round = 0; round < 3; ++round) {
        publisher.send(burst);
        std::vector<std::string> messages;
        int acknowledged = 0;
        for (auto const& each : publisher.next_frames()) {
            if (each.starts_with("text {\"ack\"")) {
                ++acknowledged;
                CHECK(each.ends_with(R"("subscribers":10}})"));
            } else {
                messages.push_back(texts_in(each).at(0));
            }
        }
        CHECK(acknowledged == burst_size);
        CHECK(messages == texts_of_burst());
        all.check();
    }
}

TEST_CASE("a batch comes to each subscriber in one write") {
    anteroom_house it;
    subscribers all(it);
    visitor publisher(it);
    std::string lines;
    for (int i = 0; i < burst_size; ++i)
        lines += '"' + std::to_string(i) + "\"\n";
    CHECK(publisher.ask("POST /room/a/publish", "Content-Type: application/x-ndjson\r\n", lines).status == 201);
    all.check();
}

TEST_CASE("a burst answers a waiting poll once, with what of it there is by then") {
    anteroom_house it;
    visitor json(it);
    visitor raw(it);
    visitor publisher(it);
    json.ask("GET /room/a/subscribe", accept_json);
    raw.ask("GET /room/a/subscribe");
    publisher.send(requests_of_burst());
    CHECK(texts_in(json.next_answer().body) == texts_of_burst());
    CHECK(raw.next_answer().body == "0");
}
