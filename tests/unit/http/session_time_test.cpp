// The timeouts of a session, in virtual time.
#include "http/house.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

/// Answers each request with its target.
struct echo final : http::service {
    awaitable<> serve(http::session& client, http::request_ptr asked) override {
        client.send(http::json_response(200, std::string(asked->target)));
        return {};
    }
    awaitable<> serve_again(http::session&, std::unique_ptr<http::connection_cache>,
                            http::header_fields const&) override {
        FAIL("nothing was kept");
        return {};
    }
    std::string refusal_fields(http::header_fields const&) override { return {}; }
};

}  // namespace

TEST_CASE("a connection that sends nothing is closed after the header timeout") {
    house<echo> it;
    client who(it.sessions);
    it.advance(it.options.header_timeout - std::chrono::seconds(1));
    CHECK_FALSE(who.is_closed());
    it.advance(std::chrono::seconds(1));
    CHECK(who.receive().empty());
    CHECK(who.is_closed());
}

TEST_CASE("a partial request is answered with 408 after the header timeout") {
    house<echo> it;
    client who(it.sessions);
    who.send("GET / HTTP/1.1\r\nHo");
    it.advance(it.options.header_timeout);
    CHECK(who.receive().starts_with("HTTP/1.1 408 "));
    CHECK(who.is_closed());
}

TEST_CASE("an idle connection is closed after the idle timeout, without a response") {
    house<echo> it;
    client who(it.sessions);
    who.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(who.receive().ends_with("\r\n\r\n/a"));
    it.advance(it.options.idle_timeout - std::chrono::seconds(1));
    CHECK_FALSE(who.is_closed());
    it.advance(std::chrono::seconds(1));
    CHECK(who.receive().empty());
    CHECK(who.is_closed());
}
