// Exceptions in handlers: each ends its own session and no other.
#include "http/gate.hpp"
#include "http/scripted.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

awaitable<> throw_at_first(http::session&, http::request_ptr) {
    throw std::runtime_error("at first");
    co_return;
}

awaitable<> throw_after(http::session&, http::request_ptr, gate& until) {
    co_await until.async_wait();
    throw std::runtime_error("after a suspension");
}

awaitable<> throw_what_is_no_exception(http::session&, http::request_ptr, gate& until) {
    co_await until.async_wait();
    throw 1;
}

/// Throws the error that the operation completes with, since it is not part of the result.
awaitable<> throw_error(http::session& to, http::request_ptr, gate& until) {
    co_await until.async_wait();
    to.send(http::json_response(200, "not reached"));
}

awaitable<> throw_behind_answer(http::session& to, http::request_ptr, gate& until) {
    to.send(http::json_response(200, "answered"));
    co_await until.async_wait();
    throw std::runtime_error("behind the answer");
}

struct anything final : http::connection_cache {
    bool fits(http::request_line const&) const noexcept override { return true; }
};

}  // namespace

TEST_CASE("an exception in a handler ends its session, and no other") {
    scripted_house it;
    gate change(it.home.get_executor());
    auto& on_request = it.service.on_request;
    client other(it.sessions);
    other.send(get("/a"));
    client who(it.sessions);
    std::string expected;
    boost::system::error_code ec;
    SECTION("at once, without a coroutine") {
        on_request = [](http::session&, http::request_ptr) -> awaitable<> { throw std::runtime_error("at once"); };
    }
    SECTION("in a coroutine that has not suspended") {
        on_request = throw_at_first;
    }
    SECTION("after a suspension") {
        on_request = [&](http::session& to, http::request_ptr asked) {
            return throw_after(to, std::move(asked), change);
        };
    }
    SECTION("of a type that no exception of the library's is of") {
        on_request = [&](http::session& to, http::request_ptr asked) {
            return throw_what_is_no_exception(to, std::move(asked), change);
        };
    }
    SECTION("of an operation") {
        ec = asio::error::no_memory;
        on_request = [&](http::session& to, http::request_ptr asked) {
            return throw_error(to, std::move(asked), change);
        };
    }
    SECTION("behind the answer") {
        expected = "answered";
        on_request = [&](http::session& to, http::request_ptr asked) {
            return throw_behind_answer(to, std::move(asked), change);
        };
    }
    SECTION("in serve_again") {
        on_request = [&](http::session& to, http::request_ptr asked) {
            to.keep(std::make_unique<anything>());
            return echo(to, std::move(asked));
        };
        it.service.on_again = [](http::session&, std::unique_ptr<http::connection_cache>) -> awaitable<> {
            throw std::runtime_error("again");
        };
        who.send(get("/first"));
        CHECK(bodies(who.receive()).size() == 1);
    }
    who.send(get("/b") + get("/c"));
    change.open(ec);
    auto const got = who.receive();
    CHECK(bodies(got) == (expected.empty() ? std::vector<std::string>() : std::vector<std::string>{expected}));
    CHECK(who.is_closed());
    CHECK(closed(it) == 1);

    on_request = echo;
    other.send(get("/d"));
    CHECK(bodies(other.receive()) == std::vector<std::string>{"/a", "/d"});
}
