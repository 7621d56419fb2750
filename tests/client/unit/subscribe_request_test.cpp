// Subscribe requests.
#include <anteroom/client/subscribe_request.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;
using namespace std::chrono_literals;

TEST_CASE("subscribe requests") {
    subscriber_options options;
    auto one = *subscription_cursor::for_rooms({"a b"});
    CHECK(subscribe_target(options, one, 25s) == "/room/a%20b/subscribe?wait=25&limit=100");
    CHECK(subscribe_target(options, one, 0ms) == "/room/a%20b/subscribe?wait=0&limit=100");
    CHECK(subscribe_target(options, one, 1050ms) == "/room/a%20b/subscribe?wait=1.050&limit=100");
    CHECK(subscribe_target(options, one, -1ms) == "/room/a%20b/subscribe");
    options.as = "ann+bob";
    options.client = "tab-1";
    CHECK(subscribe_target(options, one, -1ms) == "/room/a%20b/subscribe?as=ann%2Bbob&client=tab-1");
}

TEST_CASE("several rooms, and the cursor in a header") {
    subscriber_options options;
    auto at = *subscription_cursor::for_rooms({"a", "b c"});
    CHECK(subscribe_target(options, at, -1ms) == "/subscribe?room=a&room=b%20c");
    CHECK(subscribe_request(options, at, -1ms, "text/event-stream").fields.size() == 1);
    at.update("a@e-1,b%20c@e-2");
    auto const asked = subscribe_request(options, at, -1ms, "text/event-stream");
    server_url to;
    to.authority = "example.org";
    to.prefix = "/here";
    CHECK(to_wire(asked, to) ==
          "GET /here/subscribe?room=a&room=b%20c HTTP/1.1\r\nHost: example.org\r\n"
          "Accept: text/event-stream\r\nLast-Event-ID: a@e-1,b%20c@e-2\r\n\r\n");
}
