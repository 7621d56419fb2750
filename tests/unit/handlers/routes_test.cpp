// Paths and methods, CORS, and the calls of those who keep the server running.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("paths that there are not, and targets that are none") {
    anteroom_house it;
    visitor who(it);
    for (auto const* line : {"GET /nowhere", "GET /room", "GET /room/a/b/c", "OPTIONS /nowhere"}) {
        CAPTURE(line);
        CHECK(who.ask(line).status == 404);
    }
    CHECK(who.ask("GET /room/%zz/messages").status == 400);
    CHECK(who.ask("GET /?a=%zz").status == 400);
}

TEST_CASE("methods that a path has") {
    anteroom_house it;
    visitor who(it);
    std::tuple<char const*, char const*> const rows[] = {
        {"/room/a", "GET, HEAD, DELETE, OPTIONS"}, {"/room/a/subscribe", "GET, OPTIONS"},
        {"/room/a/publish", "POST, OPTIONS"},      {"/room/a/messages", "GET, HEAD, OPTIONS"},
        {"/rooms", "GET, HEAD, OPTIONS"},          {"/metrics", "GET, HEAD, OPTIONS"},
    };
    for (auto const& [path, methods] : rows) {
        CAPTURE(path);
        auto const options = who.ask(std::string("OPTIONS ") + path);
        CHECK(options.status == 204);
        CHECK(options.field("Allow") == methods);
        auto const other = who.ask(std::string("PUT ") + path);
        CHECK(other.status == 405);
        CHECK(other.field("Allow") == methods);
    }
}

TEST_CASE("the server's own options, and methods that it does not know") {
    anteroom_house it;
    visitor who(it);
    auto const options = who.ask("OPTIONS *");
    CHECK(options.status == 200);
    CHECK(options.field("Allow") == "GET, HEAD, POST, DELETE, OPTIONS");
    CHECK(options.field("Content-Length") == "0");
    CHECK(who.ask("GET *").status == 400);
    CHECK(who.ask("POST *").status == 400);
    for (auto const* line : {"FETCH /room/a", "BREW /nowhere", "get /", "FETCH *", "BREW pot"}) {
        CAPTURE(line);
        auto const got = who.ask(line);
        CHECK(got.status == 501);
        CHECK(got.has("GET, HEAD, POST, DELETE, OPTIONS"));
    }
    // Known, though not here.
    CHECK(who.ask("PATCH /room/a").status == 405);
}

TEST_CASE("where origins are listed, answers of every kind say so, refusals too") {
    constexpr std::string_view origin = "Origin: https://app.example\r\n";
    constexpr std::string_view name = "Access-Control-Allow-Origin";
    api_options options;
    options.allow_origins = {"https://app.example"};
    anteroom_house it(options);
    visitor who(it);
    it.publish("a", "x");
    for (auto const* line : {"GET /room/a/subscribe?after=0", "GET /room/a/subscribe?wait=0", "GET /room/a/messages",
                             "GET /nowhere", "GET /room/%00", "PUT /rooms"}) {
        CAPTURE(line);
        CHECK(who.ask(line, origin).field(name) == "https://app.example");
        auto const other = who.ask(line);
        CHECK(other.field(name).empty());
        CHECK(other.field("Vary") == "Origin");
    }
    auto const preflight =
        who.ask("OPTIONS /room/a/publish", std::string(origin) + "Access-Control-Request-Method: POST\r\n");
    CHECK(preflight.status == 204);
    CHECK(preflight.field("Access-Control-Allow-Methods") == "POST, OPTIONS");
    visitor stream(it);
    CHECK(stream.ask("GET /room/a/subscribe", std::string(origin) + std::string(accept_sse)).field(name) ==
          "https://app.example");
    visitor big(it);
    big.send(request("POST /room/a/publish", std::string(origin) + "Content-Length: 1000000\r\n"));
    auto const refused = big.next_answer();
    CHECK(refused.status == 413);
    CHECK(refused.field(name) == "https://app.example");
}

TEST_CASE("a WebSocket from a listed origin") {
    api_options options;
    options.allow_origins = {"https://app.example"};
    anteroom_house it(options);
    visitor who(it);
    CHECK(who.upgrade("/room/a/subscribe", "Origin: https://app.example\r\n").status == 101);
}

TEST_CASE("alive, and ready until the server drains") {
    anteroom_house it;
    visitor who(it);
    visitor alive(it);
    visitor ready(it);
    CHECK(who.ask("GET /healthz").body == R"({"status":"ok"})");
    CHECK(who.ask("GET /readyz").body == R"({"status":"ready"})");
    CHECK(who.ask("HEAD /readyz").status == 200);
    alive.write(request("GET /healthz"));
    ready.write(request("GET /readyz"));
    it.drain();
    CHECK(alive.next_answer().status == 200);
    auto const got = ready.next_answer();
    CHECK(got.status == 503);
    CHECK(got.has("shutting down"));
}

TEST_CASE("metrics count what was done") {
    anteroom_house it;
    visitor who(it);
    visitor poll(it);
    visitor stream(it);
    poll.ask("GET /room/a/subscribe");
    stream.ask("GET /room/a/subscribe", accept_ndjson);
    it.publish("a", "x");
    who.ask("GET /nowhere");
    auto const got = who.ask("GET /metrics");
    CHECK(got.status == 200);
    CHECK(got.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    for (auto const* line :
         {"anteroom_connections 3\n", "anteroom_connections_total 3\n", "anteroom_streams_total 1\n",
          "anteroom_answers_total{code=\"2xx\"} 2\n", "anteroom_answers_total{code=\"4xx\"} 1\n",
          "anteroom_answers_total{code=\"5xx\"} 0\n", "anteroom_rooms 1\n", "anteroom_subscribers 1\n",
          "anteroom_messages 1\n", "anteroom_messages_published_total 1\n", "anteroom_messages_sent_total 2\n",
          "anteroom_gaps_told_total 0\n", "# TYPE anteroom_memory_bytes gauge\n", "anteroom_names_bytes 0\n",
          "anteroom_keys_bytes 0\n", "anteroom_held_bytes 0\n", "# TYPE anteroom_rooms_bytes gauge\n",
          "anteroom_memory_limit_bytes 1073741824\n"}) {
        CAPTURE(line);
        CHECK(got.has(line));
    }
}
