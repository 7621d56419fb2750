// What a proxy says about the request that it forwards.
#include <anteroom/http/forwarded.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>

using namespace anteroom::http;

namespace {

forwarded read(std::optional<std::string_view> standard, std::optional<std::string_view> proto = {},
               std::optional<std::string_view> host = {}) {
    header_fields fields;
    fields.values[static_cast<std::size_t>(header::forwarded)] = standard;
    fields.values[static_cast<std::size_t>(header::x_forwarded_proto)] = proto;
    fields.values[static_cast<std::size_t>(header::x_forwarded_host)] = host;
    return forwarded_as(fields);
}

}  // namespace

TEST_CASE("Forwarded as RFC 7239 has it") {
    struct row {
        std::string_view field;
        std::string_view scheme;
        std::string_view host;
    };
    row const rows[] = {
        {"proto=https;host=chat.example", "https", "chat.example"},
        {"for=192.0.2.43;Proto=https; HOST=chat.example ;by=203.0.113.43", "https", "chat.example"},
        {R"(for="[2001:db8::1]:4711";host="chat.example:8443")", "", "chat.example:8443"},
        {R"(host="a\"b")", "", "a\"b"},
        {R"(host="a,b;proto=x";proto=https)", "https", "a,b;proto=x"},
        {"proto=http;host=far.example, proto=https;host=near.example", "https", "near.example"},
        {"proto=https, for=10.0.0.1", "", ""},  // the nearest proxy says nothing of it
        {"proto=https,", "https", ""},          // an empty element is none
        {"proto=https, ,,", "https", ""},
        {"", "", ""},
        {"proto", "", ""},
        {"host=\"open", "", "\"open"},
    };
    for (auto const& [field, scheme, host] : rows) {
        CAPTURE(field);
        auto const got = read(field);
        CHECK(got.scheme == scheme);
        CHECK(got.host == host);
    }
}

TEST_CASE("the older fields, which Forwarded overrides") {
    auto const got = read({}, "http, https", "far.example, near.example:81");
    CHECK(got.scheme == "https");
    CHECK(got.host == "near.example:81");
    auto const both = read("host=new.example", "https", "old.example");
    CHECK(both.scheme == "https");
    CHECK(both.host == "new.example");
    auto const loose = read({}, "https,", "near.example, ,");
    CHECK(loose.scheme == "https");
    CHECK(loose.host == "near.example");
    CHECK(read({}).scheme.empty());
    CHECK(read({}).host.empty());
}

TEST_CASE("the scheme of a WebSocket is that of its handshake") {
    for (auto const& [said, scheme] : {std::pair{"wss", "https"}, {"ws", "http"}, {"WSS", "https"}, {"w", "w"}}) {
        CAPTURE(said);
        CHECK(read({}, said).scheme == scheme);
        CHECK(read("proto=" + std::string(said)).scheme == scheme);
    }
}

TEST_CASE("a quote that does not end hides nothing") {
    // What the client sent, to which the proxy has appended an element with as many quotes as it opens.
    std::string_view const appended[] = {", for=10.0.0.1;host=near.example",
                                         R"(, for="[::1]:4711";host="near.example")"};
    for (std::string_view const sent : {"\"", "for=\"", "for=\"a\\\"", "host=\"far.example"}) {
        for (auto const by_proxy : appended) {
            CAPTURE(sent, by_proxy);
            CHECK(read(std::string(sent).append(by_proxy)).malformed);
        }
    }
    CHECK_FALSE(read(R"(for="a\"b", host="near.example")").malformed);
    // The older fields have no quotes.
    auto const got = read({}, "\"http, https", "\"far.example, near.example");
    CHECK(got.scheme == "https");
    CHECK(got.host == "near.example");
    CHECK_FALSE(got.malformed);
}
