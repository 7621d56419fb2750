// Publishing: how a body becomes a message, and what is refused.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

constexpr auto form_type = "application/x-www-form-urlencoded";

/// The message that the room holds, as raw bytes and in JSON.
struct stored {
    std::string bytes;
    std::string type;
    json::value data;
};

stored publish_and_read(server_process const& server, std::string const& body, std::string const& type) {
    room_client client{server.at(), "kitchen"};
    auto const cursor = client.cursor();
    auto const answer = client.http().exchange(post(client.target("/publish"), body, type));
    INFO(type << ": " << body << '\n' << answer.text());
    REQUIRE(answer.status == 201);
    auto const raw = client.poll_raw("after=" + cursor);
    auto const polled = client.poll("after=" + cursor);
    return {raw.body, raw.media_type(), polled.messages.at(0).data};
}

}  // namespace

TEST_CASE("a publish is answered 201 with the message's id, its time and the number of subscribers") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    room_client first{server.at(), "kitchen"};
    room_client second{server.at(), "kitchen"};
    first.start_poll();
    second.start_poll("", {});
    await_subscribers(server.at(), "kitchen", 2);

    auto const answer = client.http().exchange(post(client.target("/publish"), "hello"));

    INFO(answer.text());
    CHECK(answer.status == 201);
    auto const receipt = answer.json();
    CHECK(receipt.size() == 3);
    CHECK(receipt.at("subscribers").to_number<int>() == 2);
    auto const heard = first.finish_poll();
    REQUIRE(heard.messages.size() == 1);
    CHECK(receipt.at("id") == json::value(heard.messages[0].id));
    CHECK(receipt.at("time").to_number<std::int64_t>() == heard.messages[0].time);
    CHECK(second.http().receive().body == "hello");
}

TEST_CASE("text is accepted under any spelling of its type") {
    server_process const server;
    for (auto const* type : {"text/plain", "Text/PLAIN", "text/plain; charset=utf-8", "text/plain;charset=\"UTF-8\""}) {
        auto const message = publish_and_read(server, "hello, żółć", type);
        CHECK(message.bytes == "hello, żółć");
        CHECK(message.type == "text/plain");
        CHECK(message.data == json::value("hello, żółć"));
    }
}

TEST_CASE("JSON is stored without insignificant white space and otherwise unchanged") {
    server_process const server;
    struct form {
        std::string sent;
        std::string stored;
    };
    std::vector<form> const forms{
        {" { \"a\" : [ 1 , 2 ] ,\r\n\t\"b\":{ } } ", R"({"a":[1,2],"b":{}})"},
        {R"({"text": "two  spaces, a \" quote and a \\"})", R"({"text":"two  spaces, a \" quote and a \\"})"},
        {"[ 1.50, -0.0, 1e3, 12345678901234567890123 ]", "[1.50,-0.0,1e3,12345678901234567890123]"},
        {R"(["é", "\u00e9", "\/"])", R"(["é","\u00e9","\/"])"},
        {"{\"z\": 1, \"a\": 2}", R"({"z":1,"a":2})"},
        {"\n42\n", "42"},
        {" \"\" ", "\"\""},
        {"null", "null"},
    };
    for (auto const& [sent, expected] : forms) {
        INFO(sent);
        auto const message = publish_and_read(server, sent, "application/json; charset=utf-8");
        CHECK(message.bytes == expected);
        CHECK(message.type == json_type);
        CHECK(message.data == json::parse(sent));
    }
}

TEST_CASE("of a form the field message is the message; without that field the body is") {
    server_process const server;
    struct form {
        std::string sent;
        std::string stored;
    };
    std::vector<form> const forms{
        {"message=hello+world%21", "hello world!"},
        {"as=me&message=a%26b%3Dc&x=y", "a&b=c"},
        {"message=caf%C3%A9", "café"},
        {"message=caf\xc3\xa9", "café"},
        {"x=1&message=%7B%22a%22%3A1%7D", R"({"a":1})"},
        {"hello", "hello"},
        {"hello world", "hello world"},
        {"it is 100% sure + more", "it is 100% sure + more"},
        {"a=b&c=d", "a=b&c=d"},
        {"messages=many", "messages=many"},
        {"the message=here", "the message=here"},
    };
    for (auto const& [sent, expected] : forms) {
        INFO(sent);
        auto const message = publish_and_read(server, sent, form_type);
        CHECK(message.bytes == expected);
        CHECK(message.type == "text/plain");
        CHECK(message.data == json::value(expected));
    }
}

TEST_CASE("as gives the name of the publisher") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    std::string const sixty_four = "%C3%A9";
    std::string long_name;
    std::string long_name_encoded;
    for (auto i = 0; i < 64; ++i) {
        long_name += "é";
        long_name_encoded += sixty_four;
    }
    struct name {
        std::string encoded;
        std::string from;
    };
    std::vector<name> const names{{"a", "a"},
                                  {"ann+marie%20b", "ann marie b"},
                                  {"%22quoted%22", "\"quoted\""},
                                  {std::string(64, 'x'), std::string(64, 'x')},
                                  {long_name_encoded, long_name}};
    for (auto const& [encoded, from] : names) {
        INFO(encoded);
        auto const cursor = client.cursor();
        CHECK(client.http().exchange(post(client.target("/publish?as=" + encoded), "hi")).status == 201);
        CHECK(client.poll("after=" + cursor).messages.at(0).from == from);
    }
    for (auto const& encoded : {std::string{}, std::string(65, 'x'), long_name_encoded + "x", std::string{"%FF"}}) {
        INFO(encoded);
        check_problem(client.http().exchange(post(client.target("/publish?as=" + encoded), "hi")), 400);
    }
    CHECK(client.facts().messages == names.size());
}

TEST_CASE("an invalid message is refused and appends nothing") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    struct refusal {
        std::string type;
        std::string body;
        int status;
    };
    std::vector<refusal> const refusals{
        {"text/plain", "", 400},
        {json_type, "", 400},
        {form_type, "", 400},
        {form_type, "message=", 400},
        {form_type, "message=%FF", 400},
        {"text/plain", "\xff", 400},
        {"text/plain", "cut \xc3", 400},
        {"text/plain", "overlong \xc0\xaf", 400},
        {"text/plain", "surrogate \xed\xa0\x80", 400},
        {json_type, "  ", 400},
        {json_type, "{", 400},
        {json_type, "nope", 400},
        {json_type, "{\"a\":1,}", 400},
        {json_type, "'x'", 400},
        {json_type, "01", 400},
        {json_type, "[1] 2", 400},
        {json_type, "\"\\x\"", 400},
        {json_type, "\"line\nbreak\"", 400},
        {json_type, "NaN", 400},
        {json_type, "\"\xff\"", 400},
        {"image/png", "x", 415},
        {"application/octet-stream", "x", 415},
        {"multipart/form-data; boundary=b", "--b--", 415},
        {"text/html", "x", 415},
        {"text", "x", 415},
    };
    for (auto const& [type, body, status] : refusals) {
        INFO(type << ": " << body);
        check_problem(client.http().exchange(post(client.target("/publish"), body, type)), status);
    }
    auto const facts = client.facts();
    CHECK(facts.messages == 0);
    CHECK(client.http().exchange(get("/rooms")).body.find("kitchen") == std::string::npos);
}

TEST_CASE("deep JSON does no harm") {
    server_process const server;
    room_client client{server.at(), "kitchen"};
    for (std::size_t const levels : {256U, 257U, 30'000U}) {
        auto const deep = std::string(levels, '[') + std::string(levels, ']');
        CHECK(client.http().exchange(post(client.target("/publish"), deep, json_type)).status ==
              (levels == 256 ? 201 : 400));
    }
    CHECK(client.http().exchange(get("/healthz")).status == 200);
}
