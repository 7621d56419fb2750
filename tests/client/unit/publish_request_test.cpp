// Publish requests and their receipts.
#include "../print.hpp"
#include <anteroom/client/publish_request.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

namespace {

using list = std::vector<std::string>;

std::string target(list const& rooms, std::string_view as) {
    auto const made = publish_request(rooms, "hi", as, "k");
    return made ? made->target : made.error().text;
}

}  // namespace

TEST_CASE("publish requests") {
    CHECK(target({"a b"}, "") == "/room/a%20b/publish");
    CHECK(target({"a"}, "ann & bob") == "/room/a/publish?as=ann%20%26%20bob");
    CHECK(target({"a", "b c"}, "") == "/publish?room=a&room=b%20c");
    CHECK(target({"a", "b"}, "ann") == "/publish?room=a&room=b&as=ann");

    auto const made = publish_request(list{"a"}, draft::json("{\"x\":1}"), "", "key-1");
    REQUIRE(made);
    server_url to;
    CHECK(to_wire(*made, to) ==
          "POST /room/a/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          "Idempotency-Key: key-1\r\nContent-Length: 7\r\n\r\n{\"x\":1}");
}

TEST_CASE("what the server would refuse is an error before sending") {
    CHECK_FALSE(publish_request(list{}, "hi", "", "k"));
    CHECK_FALSE(publish_request(list{"a/b"}, "hi", "", "k"));
    CHECK_FALSE(publish_request(list{"a"}, "", "", "k"));
    CHECK_FALSE(publish_request(list{"a"}, "hi", "a\nb", "k"));
    CHECK_FALSE(publish_request(list{"a"}, "hi", std::string(65, 'x'), "k"));
    for (auto const& key : {std::string(), std::string("a b"), std::string("a\r\nb"), std::string(129, 'k')})
        CHECK_FALSE(publish_request(list{"a"}, "hi", "", key));
}

TEST_CASE("receipts") {
    auto const one = parse_receipt(R"({"id":"e-1","time":17,"subscribers":3})");
    REQUIRE(one);
    CHECK(one->ids == list{"e-1"});
    CHECK(one->time == 17);
    CHECK(one->subscribers == 3);
    CHECK_FALSE(one->duplicate);
    auto const many = parse_receipt(R"({"ids":["e-1","e-2"],"time":17,"subscribers":0,"duplicate":true})");
    REQUIRE(many);
    CHECK(many->ids == list{"e-1", "e-2"});
    CHECK(many->duplicate);
    for (auto const* text : {"", "{}", "<html>", R"({"id":1})", R"({"ids":[]})", R"({"id":"e-1")"})
        CHECK_FALSE(parse_receipt(text));
}
