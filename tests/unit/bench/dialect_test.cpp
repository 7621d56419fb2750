// How answers and events of each kind of server are read.
#include <anteroom/bench/dialect.hpp>

#include <catch2/catch_test_macros.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace anteroom::bench;
using kind = subscriber_event::kind;

namespace {

struct asked {
    load_options options;
    explicit asked(dialect_kind dialect, transport_kind transport = transport_kind::poll) {
        options.dialect = dialect;
        options.transport = transport;
        options.body_bytes = 4;
    }
    std::unique_ptr<dialect> make() const { return dialect::make(options, "example.org"); }
};

// A gap as "gap N", a message as its body, behind its room if it has one.
std::vector<std::string> all_of(dialect const& by, answer const& got) {
    std::vector<std::string> out;
    by.read(got, [&](subscriber_event const& event) {
        auto const room = event.room.empty() ? std::string() : std::string(event.room) + ":";
        out.push_back(event.type == kind::gap ? "gap " + std::to_string(event.gap.missed)
                                              : room + std::string(event.body));
    });
    return out;
}

answer with_body(std::string_view body) {
    answer out;
    out.status = 200;
    out.body = body;
    return out;
}

}  // namespace

TEST_CASE("anteroom: a list has its gaps before its messages") {
    auto const by = asked(dialect_kind::anteroom, transport_kind::batch).make();
    CHECK(all_of(*by, with_body(R"({"messages":[],"next":"k-1"})")).empty());
    CHECK(all_of(*by,
                 with_body(R"({"messages":[{"id":"k-4","time":1,"data":"abcd"},{"id":"k-5","time":1,"data":"efgh"}],)"
                           R"("next":"k-5","gaps":[{"room":"a","reason":"evicted","missed":3}]})")) ==
          std::vector<std::string>{"gap 3", "abcd", "efgh"});
    // A size that is not the expected one, and a room in front.
    CHECK(all_of(*by, with_body(R"({"messages":[{"room":"b","id":"k-4","time":1,"data":"longer"}],"next":"b@k-4"})")) ==
          std::vector<std::string>{"b:longer"});
}

TEST_CASE("anteroom: a raw answer tells of a gap in its head") {
    auto const by = asked(dialect_kind::anteroom).make();
    auto got = with_body("abcd");
    got.gap = "evicted;missed=17;room=a";
    CHECK(all_of(*by, got) == std::vector<std::string>{"gap 17", "abcd"});
    CHECK(by->classify(got) == poll_outcome::message);
    got.status = 204;
    CHECK(by->classify(got) == poll_outcome::nothing);
    got.status = 500;
    CHECK(by->classify(got) == poll_outcome::refused);
}

TEST_CASE("anteroom: events and frames") {
    auto const by = asked(dialect_kind::anteroom, transport_kind::sse).make();
    CHECK(by->read(sse_event{"", "k-1", R"({"id":"k-1","time":1,"data":"abcd"})"}).body == "abcd");
    CHECK(by->read(sse_event{"", "", R"({"id":"k-1","time":1,"data":"abcd"})"}).type == kind::refused);
    CHECK(by->read(sse_event{"gap", "k-1", R"({"room":"a","reason":"evicted","missed":2})"}).gap.missed == 2);
    CHECK(by->read(std::string_view(R"({"gap":{"room":"a","reason":"restarted"}})")).type == kind::gap);
    CHECK(by->read(std::string_view("nonsense")).type == kind::refused);
}

TEST_CASE("anteroom: where a poll goes on, and where it begins") {
    auto const by = asked(dialect_kind::anteroom).make();
    std::string request;
    auto const start = by->start({"a"}, true);
    by->subscribe(request, start.target, start.cursor);
    CHECK(request.starts_with("GET /room/a/subscribe?after=0 HTTP/1.1\r\nHost: example.org\r\n"));
    CHECK(request.ends_with("\r\n\r\n"));
    request.clear();
    by->publish(request, "a", "abcd");
    CHECK(request.starts_with("POST /room/a/publish HTTP/1.1\r\n"));
    CHECK(request.ends_with("Content-Length: 4\r\n\r\nabcd"));
}

TEST_CASE("Nchan: one message, several in parts, and the pair that is its cursor") {
    auto const by = asked(dialect_kind::nchan, transport_kind::batch).make();
    CHECK(all_of(*by, with_body("abcd")) == std::vector<std::string>{"abcd"});
    auto several = with_body("--x\r\nContent-Type: text/plain\r\n\r\nabcd\r\n--x\r\n\r\nefgh\r\n--x--\r\n");
    several.content_type = "multipart/mixed; boundary=x";
    CHECK(all_of(*by, several) == std::vector<std::string>{"abcd", "efgh"});
    several.last_modified = "Thu, 01 Jan 1970 00:00:00 GMT";
    several.etag = "7";
    std::string cursor;
    by->update_cursor(several, cursor);
    CHECK(cursor == "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\nIf-None-Match: 7\r\n");
    by->update_cursor(with_body(""), cursor);
    CHECK(cursor.starts_with("If-Modified-Since"));
}

TEST_CASE("servers without cursors are not asked for what they cannot do") {
    CHECK_FALSE(asked(dialect_kind::tutorial).make()->resumes());
    CHECK(asked(dialect_kind::tutorial).make()->start({"a"}, false).target == "/subscribe");
    CHECK_THROWS_AS(asked(dialect_kind::tutorial, transport_kind::sse).make(), std::invalid_argument);
    CHECK_THROWS_AS(asked(dialect_kind::raw, transport_kind::batch).make(), std::invalid_argument);
    auto backlog = asked(dialect_kind::raw);
    backlog.options.mode = load_mode::backlog;
    CHECK_THROWS_AS(backlog.make(), std::invalid_argument);
    CHECK(asked(dialect_kind::raw, transport_kind::websocket).make()->read(std::string_view("abcd")).body == "abcd");
}
