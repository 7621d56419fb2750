// Responses before they are written: fields, reason phrases, problems.
#include <anteroom/http/response.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace anteroom::http;

TEST_CASE("a field is a line") {
    std::string fields = "A: b\r\n";
    add_field(fields, "Retry-After", "3");
    CHECK(fields == "A: b\r\nRetry-After: 3\r\n");
}

TEST_CASE("reason phrases are those of RFC 9110") {
    struct row {
        unsigned status;
        std::string_view phrase;
    };
    static constexpr row rows[] = {
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {404, "Not Found"},
        {406, "Not Acceptable"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (auto const& [status, phrase] : rows) {
        CAPTURE(status);
        CHECK(reason(status) == phrase);
    }
}

TEST_CASE("a problem has a title and a detail") {
    auto const answer = problem(413, "say \"less\",\nplease");
    CHECK(answer.status == 413);
    CHECK(answer.fields.find("Content-Type: application/problem+json\r\n") != std::string::npos);
    CHECK(answer.fields.find("Cache-Control: no-store\r\n") != std::string::npos);
    CHECK(answer.fields.ends_with("\r\n"));
    auto const said = boost::json::parse(answer.body).as_object();
    CHECK(said.at("status").as_int64() == 413);
    CHECK(said.at("title").as_string() == "Content Too Large");
    CHECK(said.at("detail").as_string() == "say \"less\",\nplease");
}

TEST_CASE("a JSON response is not stored by caches") {
    auto const answer = json_response(201, "{}");
    CHECK(answer.status == 201);
    CHECK(answer.body == "{}");
    CHECK(answer.fields ==
          "Content-Type: application/json\r\nCache-Control: no-store\r\n"
          "X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n");
}
