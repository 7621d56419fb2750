// Expect: 100-continue: who waits with the body is answered at once if the head alone decides.
#include "handlers/answers.hpp"
#include "handlers/fittings.hpp"
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

namespace {

/// What comes after the head of a request with a body of five bytes.
std::string after_head(visitor& who, std::string_view line, std::string_view fields) {
    std::string head(line);
    head.append(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n")
        .append(fields)
        .append("\r\n");
    who.send(head);
    return who.receive();
}

}  // namespace

TEST_CASE("the body of a publish is asked for where it matters") {
    anteroom_house it;
    visitor who(it);
    for (auto const* fields : {"", "Content-Type: application/json\r\n", "Content-Encoding: gzip\r\n"}) {
        CAPTURE(fields);
        visitor next(it);
        CHECK(after_head(next, "POST /room/a/publish?as=ann", fields) == "HTTP/1.1 100 Continue\r\n\r\n");
    }
    CHECK(after_head(who, "POST /publish?room=a&room=b", "Origin: http://localhost\r\n") ==
          "HTTP/1.1 100 Continue\r\n\r\n");
    who.send("hello");
    auto const done = who.receive();
    CHECK(done.starts_with("HTTP/1.1 201 "));
    CHECK(it.end("a").ends_with("-1"));
    CHECK(done.find("close") == done.npos);
}

TEST_CASE("what the head decides is answered at once, and the body is not read") {
    struct {
        char const* line;
        std::string fields;
        unsigned status;
    } const rows[] = {
        {"POST /nope", "", 404},
        {"POST /healthz", "", 405},
        {"FETCH /room/a/publish", "", 501},
        {"POST nope", "", 400},
        {"POST /room/%00/publish", "", 400},
        {"POST /room/a:presence/publish", "", 403},
        {"POST /room/a/publish?as=%E2%80%8B", "", 400},
        {"POST /room/a/publish", "Origin: http://evil.example\r\n", 403},
        {"POST /room/a/publish", "Content-Type: image/png\r\n", 415},
        {"POST /room/a/publish", "Content-Encoding: br\r\n", 415},
        {"POST /room/a/publish", "Idempotency-Key: \xC3\xA9\r\n", 400},
        {"DELETE /room/a", "Origin: http://evil.example\r\n", 403},
    };
    for (auto const& [line, fields, status] : rows) {
        CAPTURE(line, fields);
        anteroom_house it;
        visitor who(it);
        auto const got = after_head(who, line, fields);
        CHECK(got.starts_with("HTTP/1.1 " + std::to_string(status) + " "));
        CHECK(contains(got, "\r\nConnection: close\r\n"));
        CHECK(contains(got, "\r\nAccept-Encoding: ") == contains(fields, "br"));
        // Whoever sends the body all the same is not reset, and none of it is taken for a request.
        who.send("hello" + request("POST /room/a/publish", {}, "x"));
        CHECK(who.receive().empty());
        CHECK(it.rooms().totals().messages == 0);
    }
}

TEST_CASE("where origins are listed, a refusal that comes before the body says so, once") {
    api_options options;
    options.allow_origins = {"https://app.example"};
    anteroom_house it(options);
    visitor who(it);
    auto const got = after_head(who, "POST /nope", "Origin: https://app.example\r\n");
    CHECK(got.starts_with("HTTP/1.1 404 "));
    auto const field = got.find("Access-Control-Allow-Origin: https://app.example");
    CHECK(field != got.npos);
    CHECK(got.find("Access-Control-Allow-Origin", field + 1) == got.npos);
    visitor next(it);
    after_head(next, "POST /room/a/publish", "Origin: https://app.example\r\n");
    next.send("hello");
    auto const done = next.receive();
    CHECK(done.starts_with("HTTP/1.1 201 "));
    CHECK(done.find("Access-Control-Allow-Origin", done.find("Access-Control-Allow-Origin") + 1) == done.npos);
}
