// Content negotiation as defined by RFC 9110, case by case.
#include <anteroom/http/accept.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>

using namespace anteroom::http;

namespace {

constexpr std::array<std::string_view, 2> poll_forms = {"text/plain", "application/json"};
constexpr std::array<std::string_view, 4> all_forms = {"text/plain", "application/json", "application/x-ndjson",
                                                       "text/event-stream"};

std::string chosen(std::optional<std::string_view> accept, std::span<std::string_view const> offers) {
    auto const found = negotiate(accept, offers);
    return found ? std::string(offers[*found]) : "none";
}

}  // namespace

TEST_CASE("the requested media type is chosen") {
    struct row {
        std::string_view accept;
        std::string_view form;
    };
    static constexpr row rows[] = {
        {"", "text/plain"},
        {",", "text/plain"},  // a list without elements is none
        {" , ,", "text/plain"},
        {"*/*", "text/plain"},
        {R"(text/html;x=", application/json, ")", "none"},
        {R"(text/html;x="\\", application/json)", "application/json"},
        {R"(application/json;x=";q=0")", "application/json"},
        {"text/plain", "text/plain"},
        {"application/json", "application/json"},
        {"Application/JSON", "application/json"},
        {" application/json ", "application/json"},
        {"application/json;charset=utf-8", "application/json"},
        {"application/json ; q=0.5", "application/json"},
        {"text/*", "text/plain"},
        {"TEXT/*", "text/plain"},
        {"application/*", "application/json"},
        {"image/*", "none"},
        {"image/png", "none"},
        {"text/html", "none"},
        {"text/plain2", "none"},
        {"text", "none"},
        {"text/", "none"},
        {"/plain", "none"},
        {"garbage, application/json", "application/json"},
        // Quality decides first.
        {"text/plain;q=0.5, application/json", "application/json"},
        {"text/plain;q=0.5, application/json;q=0.4", "text/plain"},
        {"text/plain;q=0.500, application/json;q=0.501", "application/json"},
        {"text/plain;q=1.0, application/json;q=0.999", "text/plain"},
        {"application/json;q=0.9, */*;q=0.8", "application/json"},
        {"text/plain;q=0, */*", "application/json"},
        {"text/plain;q=0.0, application/json;q=0.000", "none"},
        {"*/*;q=0", "none"},
        {"*/*;q=0, application/json;q=0.1", "application/json"},
        {"text/*;q=0, */*", "application/json"},
        {"text/*;q=0, text/plain", "text/plain"},
        {"text/plain;Q=0.1, application/json;Q=0.2", "application/json"},
        {"text/plain;format=flowed;q=0.1, application/json;q=0.2", "application/json"},
        // Among equals, the more specific range, then the first one.
        {"*/*, application/json", "application/json"},
        {"text/*, application/json", "application/json"},
        {"*/*, application/*", "application/json"},
        {"application/json, text/plain", "application/json"},
        {"text/plain, application/json", "text/plain"},
        {"application/json, text/plain, */*", "application/json"},
        // What browsers and HTTP libraries send.
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/plain"},
        {"application/json, text/javascript, */*; q=0.01", "application/json"},
        {"application/json,*/*", "application/json"},
        // A malformed quality counts as 1.
        {"text/plain;q=0.5, application/json;q=x", "application/json"},
        {"text/plain;q=0.5, application/json;q=0.x", "application/json"},
        {"text/plain;q=0.5, application/json;q=0x3", "application/json"},
        {"text/plain;q=0.5, application/json;q=05", "application/json"},
        {"text/plain;q=0.5, application/json;q=2", "application/json"},
        {"text/plain;q=0.5, application/json;q=-1", "application/json"},
        // Lists with empty elements.
        {",,application/json,", "application/json"},
        {"application/json;", "application/json"},
        {"application/json;;q=0.1, text/plain;q=0.2", "text/plain"},
    };
    for (auto const& [accept, form] : rows) {
        CAPTURE(accept);
        CHECK(chosen(accept, poll_forms) == form);
    }
    CHECK(chosen(std::nullopt, poll_forms) == "text/plain");
}

TEST_CASE("streams are chosen only for clients that ask for them") {
    struct row {
        std::string_view accept;
        std::string_view form;
    };
    static constexpr row rows[] = {
        {"*/*", "text/plain"},
        {"text/event-stream", "text/event-stream"},
        {"text/event-stream, application/json;q=0.9", "text/event-stream"},
        {"text/event-stream;q=0.1, application/json;q=0.9", "application/json"},
        {"application/x-ndjson", "application/x-ndjson"},
        {"application/x-ndjson, */*;q=0.1", "application/x-ndjson"},
        {"application/*", "application/json"},
        {"text/*", "text/plain"},
        {"text/plain;q=0, text/*", "text/event-stream"},
    };
    for (auto const& [accept, form] : rows) {
        CAPTURE(accept);
        CHECK(chosen(accept, all_forms) == form);
    }
}

TEST_CASE("no offer yields no result") {
    CHECK_FALSE(negotiate("text/plain", {}));
}

TEST_CASE("a media type is compared without its parameters") {
    struct row {
        std::string_view field;
        bool is_text;
    };
    static constexpr row rows[] = {
        {"text/plain", true},
        {"Text/PLAIN", true},
        {"text/plain;charset=utf-8", true},
        {" text/plain ; a=b", true},
        {"text/plain;", true},
        {"text/plainer", false},
        {"application/json", false},
        {"", false},
        {";text/plain", false},
        {"text/plain, text/html", false},
    };
    for (auto const& [field, is_text] : rows) {
        CAPTURE(field);
        CHECK(is_media_type(field, "text/plain") == is_text);
    }
}

TEST_CASE("a parameter of a media type") {
    struct row {
        std::string_view field;
        std::string_view charset;
    };
    static constexpr row rows[] = {
        {"text/plain", ""},
        {"text/plain;charset=utf-8", "utf-8"},
        {"text/plain; charset=utf-8", "utf-8"},
        {"text/plain;\tCharset=UTF-8 ", "UTF-8"},
        {"text/plain; charset=\"utf-8\"", "utf-8"},
        {"text/plain; charset=\"\"", ""},
        {"text/plain; charset=\"", "\""},
        {"text/plain; format=flowed; charset=latin1", "latin1"},
        {R"(text/plain;x="a;charset=latin1";charset=utf-8)", "utf-8"},
        {R"(text/plain;x="a;charset=latin1")", ""},
        {R"(text/plain;charset="ut\f-8")", "utf-8"},
        {"text/plain; charset", ""},
        {"text/plain; charset=", ""},
        {"text/plain; xcharset=a; charset=b", "b"},
        {"charset=utf-8", ""},
        {";;charset=utf-8;", "utf-8"},
    };
    for (auto const& [field, charset] : rows) {
        CAPTURE(field);
        CHECK(media_parameter(field, "charset") == charset);
    }
}
