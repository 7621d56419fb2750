// Which origins may read responses, and open WebSockets.
#include <anteroom/handlers/origins.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using http::header;

namespace {

http::header_fields from(std::optional<std::string_view> origin, std::string_view host = "chat.example:8080") {
    http::header_fields out;
    out.values[static_cast<std::size_t>(header::origin)] = origin;
    out.values[static_cast<std::size_t>(header::host)] = host;
    return out;
}

http::header_fields preflight_from(std::string_view origin) {
    auto out = from(origin);
    out.values[static_cast<std::size_t>(header::access_control_request_method)] = "POST";
    return out;
}

constexpr std::string_view exposed = "Access-Control-Expose-Headers: Last-Event-ID, Gap, Retry-After\r\n";

}  // namespace

TEST_CASE("valid origins") {
    for (std::string_view const text : {"https://app.example", "http://localhost:3000", "http://[::1]:80", "*", "null",
                                        "chrome-extension://abcdef", "HTTPS://App.Example"}) {
        CAPTURE(text);
        CHECK(origins::is_origin(text));
    }
    for (std::string_view const text : {"", "app.example", "https://", "://app.example", "https://app.example/",
                                        "https://app.example/path", "https://a?b", "https://a#b", "https://me@a",
                                        "https://a b", "https://a,https://b", "https:app.example", "**"}) {
        CAPTURE(text);
        CHECK_FALSE(origins::is_origin(text));
    }
}

TEST_CASE("which origins may read responses, and open WebSockets") {
    struct row {
        std::vector<std::string> listed;
        std::optional<std::string_view> origin;
        bool reads;
        bool opens;
    };
    row const rows[] = {
        {{}, std::nullopt, false, true},  // not a browser
        {{}, "https://app.example", false, false},
        {{}, "null", false, false},
        {{}, "http://chat.example:8080", false, true},  // the server's own page
        {{}, "https://chat.example:8080", false, true},
        {{}, "http://CHAT.example:8080", false, true},
        {{}, "http://chat.example", false, false},  // another port
        {{}, "http://chat.example:80800", false, false},
        {{}, "http://evil-chat.example:8080", false, false},
        {{}, "chat.example:8080", false, false},
        {{}, "", false, false},
        {{"https://app.example"}, "https://app.example", true, true},
        {{"https://app.example"}, "https://APP.example", true, true},
        {{"https://app.example"}, "http://app.example", false, false},
        {{"https://app.example"}, "https://app.example:8443", false, false},
        {{"https://app.example"}, "https://app.example.evil", false, false},
        {{"https://app.example"}, std::nullopt, false, true},
        {{"https://a.example", "https://b.example"}, "https://b.example", true, true},
        {{"*"}, "https://app.example", true, true},
        {{"*"}, "null", true, true},
        {{"*"}, std::nullopt, false, true},
        {{"https://a.example", "*"}, "https://b.example", true, true},
        {{"null"}, "null", true, true},
    };
    for (auto const& [listed, origin, reads, opens] : rows) {
        CAPTURE(listed, origin.value_or("none"));
        origins const known(listed);
        CHECK(known.allows(from(origin)) == reads);
        CHECK(known.allows_websocket(from(origin)) == opens);
    }
}

TEST_CASE("the fields that let a page read a response") {
    CHECK(origins({}).fields(from("https://app.example")).empty());
    CHECK(origins({}).fields(from(std::nullopt)).empty());
    origins const one({"https://app.example"});
    CHECK(one.fields(from("https://app.example")) ==
          "Vary: Origin\r\nAccess-Control-Allow-Origin: https://app.example\r\n" + std::string(exposed));
    // A cache must not serve the response of an allowed origin to one that is not allowed.
    CHECK(one.fields(from("https://other.example")) == "Vary: Origin\r\n");
    CHECK(one.fields(from(std::nullopt)) == "Vary: Origin\r\n");
    origins const any({"*"});
    CHECK(any.fields(from("https://app.example")) == "Access-Control-Allow-Origin: *\r\n" + std::string(exposed));
    CHECK(any.fields(from(std::nullopt)).empty());
}

TEST_CASE("a preflight is answered if there is something to allow") {
    origins const one({"https://app.example"});
    CHECK(one.preflight_fields(preflight_from("https://app.example"), "GET, POST") ==
          "Access-Control-Allow-Methods: GET, POST\r\n"
          "Access-Control-Allow-Headers: Accept, Content-Type, Idempotency-Key, Last-Event-ID, Prefer\r\n"
          "Access-Control-Max-Age: 600\r\n");
    CHECK(one.preflight_fields(preflight_from("https://other.example"), "GET").empty());
    CHECK(one.preflight_fields(from("https://app.example"), "GET").empty());  // a plain OPTIONS
    CHECK(origins({}).preflight_fields(preflight_from("https://app.example"), "GET").empty());
}
