// What the sessions of a shard share: status lines, buffers, and being ended together.
#include "http/scripted.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("a status line has its reason and the date, however many are asked for") {
    scripted_house it;
    for (int round = 0; round < 2; ++round) {
        for (unsigned const status : {200U, 404U, 413U, 503U, 204U, 400U, 200U}) {
            std::string const line(it.sessions.status_line(status));
            CHECK(line.starts_with("HTTP/1.1 " + std::to_string(status) + ' ' + std::string(http::reason(status)) +
                                   "\r\nDate: "));
            CHECK(line.ends_with(" GMT\r\n"));
            CHECK(count(line, "\r\n") == 2);
        }
    }
}

TEST_CASE("buffers are used again, and not more of them kept than are of use") {
    scripted_house it;
    std::vector<std::unique_ptr<http::input_buffer>> many;
    for (int i = 0; i < 20; ++i) {
        many.push_back(it.sessions.borrow_buffer());
        CHECK(many.back()->content().empty());
        many.back()->append("left over");
    }
    auto const* const first = many.front().get();
    for (auto& each : many)
        it.sessions.give_back(std::move(each));
    bool again = false;
    for (auto& each : many) {
        each = it.sessions.borrow_buffer();
        CHECK(each->content().empty());
        again = again || each.get() == first;
    }
    CHECK(again);
}

TEST_CASE("a buffer's content moves to its front when there is to be room") {
    auto const buffer = std::make_unique<http::input_buffer>();
    buffer->append(std::string(http::input_buffer::size - 1, 'x'));
    buffer->begin = buffer->end - 3;
    CHECK(buffer->make_room().size() == http::input_buffer::size - 3);
    CHECK(buffer->content() == "xxx");
    buffer->append(std::string(http::input_buffer::size, 'y'));
    CHECK(buffer->content().size() == http::input_buffer::size);
    CHECK(buffer->make_room().empty());
}

TEST_CASE("connections are counted") {
    scripted_house it;
    {
        client one(it.sessions);
        client two(it.sessions);
        it.run();
        CHECK(it.home.counted().get(counter::connections_opened) == 2);
        CHECK(closed(it) == 0);
    }
    it.run();
    CHECK(closed(it) == 2);
}

TEST_CASE("a connection that is gone before its session begins ends it") {
    scripted_house it;
    http::session::start<net::test_stream>(it.sessions, it.home.io());
    it.run();
    CHECK(closed(it) == 1);
}
