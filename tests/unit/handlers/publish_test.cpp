// POST publish: each content type, batches, several rooms, and what is refused.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

namespace {

constexpr std::string_view as_json = "Content-Type: application/json\r\n";
constexpr std::string_view as_form = "Content-Type: application/x-www-form-urlencoded\r\n";
constexpr std::string_view as_batch = "Content-Type: application/x-ndjson\r\n";

std::vector<std::string> kept(anteroom_house& in, std::string const& room) {
    visitor who(in);
    return texts_in(who.ask("GET /room/" + room + "/messages").body);
}

}  // namespace

TEST_CASE("a publish is answered with the message's id, its time, and how many waited") {
    anteroom_house it;
    visitor who(it);
    visitor waits(it);
    waits.ask("GET /room/a/subscribe");
    auto const got = who.ask("POST /room/a/publish?as=ann", {}, "hi");
    CHECK(got.status == 201);
    CHECK(got.field("Content-Type") == "application/json");
    CHECK(got.body.starts_with(R"({"id":")" + it.end("a") + R"(","time":)"));
    CHECK(got.body.ends_with(R"("subscribers":1})"));
    CHECK(waits.next_answer().body == "hi");
    CHECK(who.ask("POST /publish", {}, "to the lobby").body.ends_with(R"("subscribers":0})"));
    CHECK(kept(it, "lobby") == std::vector<std::string>{"to the lobby"});
}

TEST_CASE("what becomes of a body by its content type") {
    struct {
        std::string_view fields;
        char const* body;
        char const* kept;
    } const rows[] = {
        {{}, "plain", "plain"},
        {"Content-Type: text/plain; charset=UTF-8\r\n", "plain", "plain"},
        {"Content-Type: text/plain; charset=us-ascii\r\n", "plain", "plain"},
        {"Content-Type: text/plain; charset=utf8\r\n", "plain", "plain"},
        {"Content-Type: text/plain; charset=\"UTF8\"\r\n", "plain", "plain"},
        {as_json, " [ 1 , 2 ] ", "[1,2],"},
        {as_form, "a=1&message=hello+there", "hello there"},
        {as_form, "hello", "hello"},
        {as_form, "100%", "100%"},
    };
    for (auto const& each : rows) {
        CAPTURE(each.fields, each.body);
        anteroom_house it;
        visitor who(it);
        CHECK(who.ask("POST /room/a/publish", each.fields, each.body).status == 201);
        auto const got = who.ask("GET /room/a/subscribe?after=0").body + (each.fields == as_json ? "," : "");
        CHECK(got == each.kept);
    }
}

TEST_CASE("a batch is appended whole or not at all, and answered with all its ids") {
    anteroom_house it;
    visitor who(it);
    auto const got = who.ask("POST /room/a/publish", as_batch, "1\r\n\r\n  \n \r\t\r\n\"two\"\n3");
    CHECK(got.status == 201);
    CHECK(got.body.starts_with(R"({"ids":[")"));
    CHECK(kept(it, "a") == std::vector<std::string>{"1", "two", "3"});
    auto const bad = who.ask("POST /room/a/publish", as_batch, "4\n\n{\n");
    CHECK(bad.status == 400);
    CHECK(bad.has("line 3 is not valid JSON"));
    CHECK(who.ask("POST /room/a/publish", as_batch, "\n \n").has("no line that is a message"));
    std::string many;
    for (int i = 0; i < 5001; ++i)
        many += "1\n";
    CHECK(who.ask("POST /publish?room=a&room=b", as_batch, many).status == 413);
    CHECK(kept(it, "a").size() == 3);
    CHECK(who.ask("POST /room/a/publish", as_batch, "one line").status == 400);
    CHECK(who.ask("POST /room/a/publish", as_batch, "5").body.starts_with(R"({"ids":[")"));
}

TEST_CASE("a message to several rooms has a place in each, once") {
    anteroom_house it;
    visitor who(it);
    visitor both(it);
    both.ask("GET /subscribe?room=a&room=b", accept_json);
    auto const got = who.ask("POST /publish?room=a&room=b&room=a", {}, "hi");
    CHECK(got.status == 201);
    CHECK(got.has("a@" + it.end("a") + ",b@" + it.end("b")));
    CHECK(kept(it, "a").size() == 1);
    CHECK(kept(it, "b").size() == 1);
    CHECK_FALSE(texts_in(both.next_answer().body).empty());
}

TEST_CASE("publishes that are refused, and why") {
    anteroom_house it;
    visitor who(it);
    std::string const long_key(129, 'k');
    struct {
        std::string line;
        std::string fields;
        std::string body;
        unsigned status;
        char const* detail;
    } const rows[] = {
        {"POST /room/a/publish", "", "", 400, "it is empty"},
        {"POST /room/a/publish", "", "\xFF", 400, "valid UTF-8"},
        {"POST /room/a/publish", std::string(as_json), "{", 400, "not valid JSON"},
        {"POST /room/a/publish", std::string(as_form), "message=", 400, "'message' is empty"},
        {"POST /room/a/publish", std::string(as_form), "message=%FF", 400, "valid UTF-8"},
        {"POST /room/a/publish", "Content-Type: image/png\r\n", "x", 415, "send text/plain"},
        {"POST /room/a/publish", "Content-Type: text/plain; charset=latin1\r\n", "x", 415, "send UTF-8"},
        {"POST /room/a/publish?as=", "", "x", 400, "'as'"},
        {"POST /room/a/publish?as=%20", "", "x", 400, "'as'"},
        {"POST /room/a/publish?as=ann%E2%80%AE", "", "x", 400, "'as'"},
        {"POST /room/a/publish?room=b", "", "x", 400, "not in both"},
        {"POST /room/%00/publish", "", "x", 400, "a room's name"},
        {"POST /room/a:presence/publish", "", "x", 403, "joins and leaves"},
        {"POST /publish?room=a&room=b:presence", "", "x", 403, "joins and leaves"},
        {"POST /room/a/publish", "Idempotency-Key: a b\r\n", "x", 400, "Idempotency-Key must be"},
        {"POST /room/a/publish", "Idempotency-Key: " + long_key + "\r\n", "x", 400, "Idempotency-Key must be"},
    };
    for (auto const& each : rows) {
        CAPTURE(each.line, each.fields);
        auto const got = who.ask(each.line, each.fields, each.body);
        CHECK(got.status == each.status);
        CHECK(got.has(each.detail));
    }
    CHECK(kept(it, "a").empty());
}

TEST_CASE("where there is no memory for a message it is 503, and nothing is appended anywhere") {
    hub_options limits;
    limits.memory = 10'000;
    anteroom_house it({}, limits);
    visitor who(it);
    auto const got = who.ask("POST /publish?room=a&room=b", "Idempotency-Key: k\r\n", std::string(6000, 'x'));
    CHECK(got.status == 503);
    CHECK(got.field("Retry-After") == "1");
    CHECK(got.has("try again later"));
    CHECK_FALSE(it.rooms().find("a"));
    CHECK(who.ask("POST /publish?room=a&room=b", "Idempotency-Key: k\r\n", "short").status == 201);
}

TEST_CASE("an empty body is no message, an empty JSON string is one, in every form") {
    anteroom_house it;
    visitor who(it);
    for (auto const fields : {std::string_view(), as_json, as_form, as_batch}) {
        CAPTURE(fields);
        auto const got = who.ask("POST /room/a/publish", std::string(fields) + "Content-Length: 0\r\n");
        CHECK(got.status == 400);
        CHECK(got.has("it is empty"));
    }
    CHECK(who.ask("POST /room/a/publish", as_json, "\"\"").status == 201);
    CHECK(who.ask("POST /room/a/publish", as_batch, "\"\"\n\"\"").status == 201);
    CHECK(kept(it, "a") == std::vector<std::string>{"", "", ""});
}

TEST_CASE("the limit of a message is that of its length, whatever its form") {
    api_options options;
    options.max_body = 100;
    anteroom_house it(options);
    it.options.max_body = options.max_body;
    visitor who(it);
    std::string const most(100, 'x');
    std::string const json_most = "\"" + std::string(98, 'x') + "\"";
    std::string escapes;
    for (int i = 0; i < 100; ++i)
        escapes += "%20";
    struct {
        std::string_view fields;
        std::string body;
        unsigned status;
    } const rows[] = {
        {as_json, json_most, 201},
        {as_json, std::string(50, ' ') + json_most + std::string(50, '\n'), 201},
        {as_json, "\"x" + json_most.substr(1), 413},
        {as_form, "a=1&message=" + most, 201},
        {as_form, "message=" + escapes, 201},
        {as_form, "message=x" + most, 413},
        {as_form, most, 201},
        {as_form, "x" + most, 413},
        {as_batch, json_most + "\n" + json_most + "\n 1 \n", 201},
        {as_batch, "1\n\"x" + json_most.substr(1) + "\n", 413},
        {{}, most, 201},
    };
    for (auto const& each : rows) {
        CAPTURE(each.fields, each.body);
        CHECK(who.ask("POST /room/a/publish", each.fields, each.body).status == each.status);
    }
    CHECK(who.ask("POST /room/a/publish", as_batch, "1\n\"x" + json_most.substr(1) + "\n").has("line 2 is too long"));
    visitor longer(it);
    CHECK(longer.ask("POST /room/a/publish", {}, "x" + most).status == 413);
    visitor endless(it);
    CHECK(endless.ask("POST /room/a/publish", as_json, std::string(6 * 100 + 4097, ' ')).status == 413);
}

TEST_CASE("a body may be compressed") {
    using namespace std::string_literals;
    // `hello`, as zlib's own library compresses it.
    auto const raw = "\xCB\x48\xCD\xC9\xC9\x07\x00"s;
    auto const gzip = "\x1F\x8B\x08\0\0\0\0\0\x02\x03"s + raw + "\x86\xA6\x10\x36\x05\0\0\0"s;
    auto const deflate = "\x78\x9C"s + raw + "\x06\x2C\x02\x15"s;
    api_options options;
    options.max_body = 5;
    anteroom_house it(options);
    it.options.max_body = options.max_body;
    visitor who(it);
    CHECK(who.ask("POST /room/a/publish", "Content-Encoding: gzip\r\n", gzip).status == 201);
    CHECK(who.ask("POST /room/a/publish", "Content-Encoding: deflate\r\n", deflate).status == 201);
    CHECK(who.ask("POST /room/a/publish", "Content-Encoding: identity\r\n", "hello").status == 201);
    CHECK(who.ask("POST /room/a/publish", std::string("Content-Encoding: x-gzip\r\n") + std::string(as_form), gzip)
              .status == 201);
    CHECK(kept(it, "a") == std::vector<std::string>{"hello", "hello", "hello", "hello"});
    auto const json =
        who.ask("POST /room/a/publish", std::string("Content-Encoding: gzip\r\n") + std::string(as_json), gzip);
    CHECK(json.status == 400);
    CHECK(json.has("not valid JSON"));
    auto const damaged = who.ask("POST /room/a/publish", "Content-Encoding: gzip\r\n", gzip + "x");
    CHECK(damaged.status == 400);
    CHECK(damaged.has("damaged"));
    CHECK(who.ask("POST /room/a/publish", "Content-Encoding: gzip\r\n", gzip + gzip).status == 413);
    for (auto const* coding : {"br", "gzip, gzip", "zstd"}) {
        CAPTURE(coding);
        auto const other = who.ask("POST /room/a/publish", "Content-Encoding: "s + coding + "\r\n", gzip);
        CHECK(other.status == 415);
        CHECK(other.field("Accept-Encoding") == "gzip, deflate");
    }
    CHECK(who.ask("POST /room/a/publish", "Content-Type: image/png\r\n", "x").field("Accept-Encoding").empty());
    CHECK(kept(it, "a").size() == 4);
}
