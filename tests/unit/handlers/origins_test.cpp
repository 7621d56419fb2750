// Which origins may read responses, and which are the same.
#include <anteroom/guard/origins.hpp>

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

constexpr std::string_view exposed =
    "Access-Control-Expose-Headers: Last-Event-ID, Gap, Room, Superseded, Retry-After, WWW-Authenticate\r\n";

}  // namespace

TEST_CASE("valid origins") {
    for (std::string_view const text : {"https://app.example", "http://localhost:3000", "http://[::1]:80", "*", "null",
                                        "chrome-extension://abcdef", "HTTPS://App.Example"}) {
        CAPTURE(text);
        CHECK(origins::is_origin(text));
    }
    for (std::string_view const text :
         {"", "app.example", "https://", "://app.example", "https://app.example/", "https://app.example/path",
          "https://a?b", "https://a#b", "https://me@a", "https://a b", "https://a,https://b", "https:app.example", "**",
          "https://*.example", "https://a,b", "https://a:x", "https://a:70000", "https://b\xC3\xBC.example"}) {
        CAPTURE(text);
        CHECK_FALSE(origins::is_origin(text));
    }
}

TEST_CASE("which origins may read responses") {
    struct row {
        std::vector<std::string> listed;
        std::optional<std::string_view> origin;
        bool reads;
    };
    row const rows[] = {
        {{}, std::nullopt, false},  // not a browser
        {{}, "https://app.example", false},
        {{}, "null", false},
        {{}, "http://chat.example:8080", false},  // the server's own page
        {{}, "https://chat.example:8080", false},
        {{}, "http://CHAT.example:8080", false},
        {{}, "http://chat.example", false},  // another port
        {{}, "http://chat.example:80800", false},
        {{}, "http://evil-chat.example:8080", false},
        {{}, "chat.example:8080", false},
        {{}, "", false},
        {{"https://app.example"}, "https://app.example", true},
        {{"https://app.example"}, "https://APP.example", true},
        {{"https://app.example"}, "http://app.example", false},
        {{"https://app.example"}, "https://app.example:8443", false},
        {{"https://app.example"}, "https://app.example.evil", false},
        {{"https://app.example"}, std::nullopt, false},
        {{"https://a.example", "https://b.example"}, "https://b.example", true},
        {{"https://app.example:443"}, "https://app.example", true},  // as nobody's browser writes it
        {{"http://App.example:80"}, "http://app.example", true},
        {{"https://app.example:80"}, "https://app.example", false},
        {{"http://app.example:443"}, "https://app.example", false},
        {{"https://app.example"}, "https://app.example, https://app.example", false},
        {{"*"}, "https://app.example", true},
        {{"*"}, "null", true},
        {{"*"}, std::nullopt, false},
        {{"https://a.example", "*"}, "https://b.example", true},
        {{"null"}, "null", true},
    };
    for (auto const& [listed, origin, reads] : rows) {
        CAPTURE(listed, origin.value_or("none"));
        origins const known(listed);
        CHECK(known.allows(from(origin)) == reads);
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
          "Access-Control-Allow-Headers: Accept, Content-Encoding, Content-Type, Idempotency-Key, Last-Event-ID, "
          "Prefer\r\n"
          "Access-Control-Max-Age: 600\r\n");
    CHECK(one.preflight_fields(preflight_from("https://other.example"), "GET").empty());
    CHECK(one.preflight_fields(from("https://app.example"), "GET").empty());  // a plain OPTIONS
    CHECK(origins({}).preflight_fields(preflight_from("https://app.example"), "GET").empty());
}

TEST_CASE("the same origin, with default ports written or not") {
    struct row {
        std::string_view origin;
        std::string_view scheme;
        std::string_view authority;
        bool same;
    };
    row const rows[] = {
        {"http://a", "http", "a", true},
        {"http://a:80", "http", "a", true},
        {"http://a", "http", "a:80", true},
        {"https://a", "https", "a:443", true},
        {"https://a:443", "https", "a", true},
        {"HTTP://A", "http", "a", true},
        {"http://[::1]:1", "http", "[::1]:1", true},
        {"http://a", "https", "a", false},
        {"https://a", "http", "a:443", false},
        {"http://a:443", "https", "a", false},
        {"http://a", "http", "a:8080", false},
        {"http://a.b", "http", "a", false},
        {"http://a/", "http", "a", false},
        {"a", "http", "a", false},
        {"null", "http", "null", false},
        {"", "http", "", false},
        {"http://", "http", "", false},
        {"http://u@a", "http", "u@a", false},
    };
    for (auto const& [origin, scheme, authority, same] : rows) {
        CAPTURE(origin, scheme, authority);
        CHECK(origins::is_same(origin, scheme, authority) == same);
    }
}
