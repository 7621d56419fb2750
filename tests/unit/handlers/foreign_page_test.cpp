// Origins: what pages of other sites may do, and what allowed ones can read.
#include "handlers/street_house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

namespace {

constexpr std::string_view publish = "POST /room/a/publish";

}  // namespace

TEST_CASE("pages of other sites change nothing") {
    street_house it;
    api_options listed;
    listed.allow_origins = {"https://app.example"};
    street_house other(listed);
    std::string_view const foreign[] = {
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://localhost\r\n",
        "Origin: http://localhost:8081\r\n",
        "Origin: https://localhost:8080\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Origin: nonsense\r\n",
        "Origin:\r\n",
        // A browser sends one; whoever hides another behind it gains nothing.
        "Origin: https://evil.example\r\nOrigin: http://localhost:8080\r\n",
        "Origin: http://localhost:8080\r\nOrigin: https://evil.example\r\n",
        "Origin: http://localhost:8080\r\norigin: http://localhost:8080\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Site: same-origin\r\n",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n",
    };
    for (auto const fields : foreign) {
        CAPTURE(fields);
        for (auto* house : {&it, &other}) {
            for (auto const* type : {"", "Content-Type: text/plain\r\n", "Content-Type: application/json\r\n",
                                     "Content-Type: application/x-www-form-urlencoded\r\n"})
                CHECK(passer_by(*house).call("localhost:8080", publish, std::string(fields) + type, "\"hi\"").status ==
                      403);
            CHECK(passer_by(*house).call("localhost:8080", "DELETE /room/a", fields).status == 403);
            CHECK(passer_by(*house).call("localhost:8080", "GET /room/a/subscribe?as=ghost", fields).status == 403);
            CHECK(passer_by(*house).call("localhost:8080", "GET /room/a/subscribe?client=c", fields).status == 403);
            CHECK(passer_by(*house)
                      .call("localhost:8080", "GET /room/a/subscribe",
                            std::string(fields) + std::string(visitor::upgrade_fields))
                      .status == 403);
            // What changes nothing is answered; the browser keeps it from the page.
            CHECK(passer_by(*house).call("localhost:8080", "GET /room/a/subscribe?wait=0", fields).status == 204);
        }
    }
    CHECK(it.end("a").ends_with("-0"));
    CHECK_FALSE(passer_by(it).call("localhost", "GET /room/a/presence").has("ghost"));
}

TEST_CASE("pages of the server's own, listed ones and what is no browser may publish") {
    api_options options;
    options.allow_origins = {"https://app.example", "null"};
    options.hosts = {"x"};
    street_house it(options);
    struct row {
        std::string_view host;
        std::string_view fields;
    };
    row const rows[] = {
        {"localhost:8080", ""},
        {"localhost:8080", "Origin: http://localhost:8080\r\n"},
        {"localhost:8080", "Origin: http://LocalHost:8080\r\nSec-Fetch-Site: same-origin\r\n"},
        {"localhost:80", "Origin: http://localhost\r\n"},
        {"localhost", "Origin: http://localhost:80\r\n"},
        {"[::1]:8080", "Origin: http://[::1]:8080\r\n"},
        {"x:443", "Origin: https://x\r\n"},
        {"x:443", "Origin: http://x:443\r\n"},
        {"localhost:8080", "Origin: https://app.example\r\nSec-Fetch-Site: cross-site\r\n"},
        {"localhost:8080", "Origin: null\r\n"},
        {"localhost:8080", "Sec-Fetch-Site: none\r\n"},
        {"localhost:8080", "Sec-Fetch-Site: same-site\r\n"},
    };
    for (auto const& [host, fields] : rows) {
        CAPTURE(host, fields);
        CHECK(passer_by(it).call(host, publish, fields, "hi").status == 201);
        CHECK(passer_by(it).call(host, "GET /room/a/subscribe?wait=0&as=ann", fields).status == 204);
        CHECK(passer_by(it)
                  .call(host, "GET /room/a/subscribe", std::string(fields) + std::string(visitor::upgrade_fields))
                  .status == 101);
    }
}

TEST_CASE("answers that a page of another site could embed say that it may not") {
    street_house it;
    it.publish("a", "x");
    for (auto const* line :
         {"GET /room/a/messages", "GET /room/a/presence", "GET /rooms", "GET /metrics", "GET /healthz", "GET /readyz",
          "GET /nowhere", "PUT /rooms", "GET /room/a/subscribe?after=0"}) {
        for (auto const fields : {std::string_view(), accept_json}) {
            CAPTURE(line, fields);
            auto const got = passer_by(it).call("localhost", line, fields);
            CHECK(got.field("X-Content-Type-Options") == "nosniff");
            CHECK(got.field("Cross-Origin-Resource-Policy") == "same-origin");
        }
    }
    for (auto const fields : {accept_sse, accept_ndjson}) {
        auto const got = passer_by(it).call("localhost", "GET /room/a/subscribe", fields);
        CHECK(got.field("X-Content-Type-Options") == "nosniff");
        CHECK(got.field("Cross-Origin-Resource-Policy") == "same-origin");
    }
}

TEST_CASE("allowed pages can read refusals of requests that were not even parsed") {
    api_options options;
    options.allow_origins = {"https://app.example"};
    street_house it(options);
    std::string const origin = "Origin: https://app.example\r\n";
    std::string const long_line = "GET /" + std::string(70'000, 'x');
    std::tuple<std::string, std::string, unsigned> const rows[] = {
        {"GET /", origin + "X: " + std::string(70'000, 'x') + "\r\n", 431},
        {"POST /publish", origin + "Expect: miracles\r\nContent-Length: 1\r\n", 417},
        {"POST /publish", origin + "Content-Length: 100000000\r\n", 413},
        {"GET / ", origin + "Broken\r\n", 400},
    };
    for (auto const& [line, fields, status] : rows) {
        CAPTURE(status);
        passer_by who(it);
        auto const got = who.call("localhost", line, fields);
        CHECK(got.status == status);
        CHECK(got.field("Access-Control-Allow-Origin") == "https://app.example");
    }
}
