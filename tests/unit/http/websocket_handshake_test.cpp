// The handshake of a WebSocket: which requests ask for one, what is answered, and why it is refused.
#include <anteroom/http/websocket_handshake.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::http;

namespace {

constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";  // the example of RFC 6455, 1.3

/// A request for a WebSocket that can be modified.
class asking {
  public:
    asking() {
        asked_.method = verb::get;
        asked_.fields = fields_;
        with(header::upgrade, "websocket");
        with(header::connection, "Upgrade");
        with(header::sec_websocket_version, "13");
        with(header::sec_websocket_key, key);
    }
    asking(header which, std::optional<std::string_view> value) : asking() { with(which, value); }

    asking& with(header which, std::optional<std::string_view> value) {
        fields_->values[static_cast<std::size_t>(which)] = value;
        return *this;
    }
    request& operator*() noexcept { return asked_; }

  private:
    boost::intrusive_ptr<header_fields> fields_{new header_fields};
    request asked_;
};

}  // namespace

TEST_CASE("which requests ask for a WebSocket") {
    struct row {
        std::optional<std::string_view> upgrade;
        std::optional<std::string_view> connection;
        bool asks;
    };
    static constexpr row rows[] = {
        {"websocket", "Upgrade", true},
        {"WebSocket", "upgrade", true},
        {"h2c, websocket", "keep-alive, Upgrade", true},
        {"websocket", "keep-alive", false},
        {"websocket", std::nullopt, false},
        {std::nullopt, "Upgrade", false},
        {"h2c", "Upgrade", false},
        {"websockets", "Upgrade", false},
        {"", "Upgrade", false},
        {"websocket", "Upgraded", false},
        {std::nullopt, std::nullopt, false},
    };
    for (auto const& [upgrade, connection, asks] : rows) {
        CAPTURE(upgrade.value_or("none"), connection.value_or("none"));
        CHECK(asks_for_websocket(*asking(header::upgrade, upgrade).with(header::connection, connection)) == asks);
    }
}

TEST_CASE("a handshake is answered as in the RFC's example") {
    auto const done = shake_hands(*asking(), false);
    CHECK(done.refused == 0);
    CHECK_FALSE(done.deflate);
    CHECK(done.text ==
          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
}

TEST_CASE("an invalid handshake is refused") {
    struct row {
        header which;
        std::optional<std::string_view> value;
        unsigned refused;
    };
    static constexpr row rows[] = {
        {header::sec_websocket_version, std::nullopt, 426},
        {header::sec_websocket_version, "", 426},
        {header::sec_websocket_version, "12", 426},
        {header::sec_websocket_version, "8", 426},
        {header::sec_websocket_version, "13, 8", 426},
        {header::sec_websocket_key, std::nullopt, 400},
        {header::sec_websocket_key, "", 400},
        {header::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ=", 400},
        {header::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ===", 400},
        {header::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQAA", 400},
        {header::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZ===", 400},
        {header::sec_websocket_key, "dGhlIHNhbXBsZSBub25j-Q==", 400},
        {header::sec_websocket_key, "dGhlIHNh XBsZSBub25jZQ==", 400},
        {header::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==", 400},
    };
    for (auto const& [which, value, refused] : rows) {
        CAPTURE(value.value_or("none"));
        auto const done = shake_hands(*asking(which, value), true);
        CHECK(done.refused == refused);
        CHECK_FALSE(done.text.empty());
        CHECK_FALSE(done.deflate);
    }
    asking old;
    CHECK(asks_for_websocket(*old));
    (*old).version = 10;
    CHECK_FALSE(asks_for_websocket(*old));
}

TEST_CASE("compression is negotiated if it is allowed and the offer can be met") {
    struct row {
        std::string_view offer;
        bool agreed;
    };
    static constexpr row rows[] = {
        {"permessage-deflate", true},
        {"Permessage-Deflate", true},
        {"permessage-deflate; client_max_window_bits", true},
        {"permessage-deflate; client_max_window_bits=15", true},
        {"permessage-deflate;client_max_window_bits = 10 ; server_no_context_takeover", true},
        {"permessage-deflate; server_no_context_takeover; client_no_context_takeover", true},
        {"x-other, permessage-deflate", true},
        {"permessage-deflate; server_max_window_bits=10, permessage-deflate", true},
        {"", false},
        {"x-webkit-deflate-frame", false},
        {"permessage-deflated", false},
        {"permessage-bzip2", false},
        // A smaller window for the server's messages, whose encoding is shared.
        {"permessage-deflate; server_max_window_bits=10", false},
        {"permessage-deflate; unheard_of", false},
        {"x-other; permessage-deflate", false},
    };
    for (auto const& [offer, agreed] : rows) {
        CAPTURE(offer);
        asking asked(header::sec_websocket_extensions, offer);
        auto const done = shake_hands(*asked, true);
        CHECK(done.refused == 0);
        CHECK(done.deflate == agreed);
        bool const told = done.text.find(
                              "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                              "client_no_context_takeover\r\n") != std::string::npos;
        CHECK(told == agreed);
        CHECK_FALSE(shake_hands(*asked, false).deflate);
        CHECK(shake_hands(*asked, false).text.find("Extensions") == std::string::npos);
    }
}
