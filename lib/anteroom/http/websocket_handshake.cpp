#include <anteroom/base/text.hpp>
#include <anteroom/http/response.hpp>
#include <anteroom/http/websocket_handshake.hpp>

#include <boost/beast/websocket/detail/hybi13.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace anteroom::http {

namespace {

// 16 bytes in base64 (RFC 6455, 4.1).
bool is_key(std::string_view key) noexcept {
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return key.size() == 24 && key.ends_with("==") && key.find_first_not_of(digits) == 22;
}

// 8 to 15 (RFC 7692, 7.1.2), quoted or not; without a value the client only says that it supports the parameter.
bool is_window(std::string_view value) noexcept {
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    auto const bits = parse_decimal(value);
    return bits && *bits >= 8 && *bits <= 15;
}

// Whether an offer of permessage-deflate can be accepted: all messages are compressed alike, with the full window. An
// offer with an unknown, repeated or invalid parameter has to be declined.
bool is_offer_of_deflate(std::string_view offer) noexcept {
    static constexpr std::array<std::string_view, 3> known = {"server_no_context_takeover",
                                                              "client_no_context_takeover", "client_max_window_bits"};
    std::array<bool, known.size()> seen{};
    bool fits = true;
    for (bool first = true; fits && !offer.empty(); first = false) {
        auto const semicolon = offer.find(';');
        auto const parameter = trim(offer.substr(0, semicolon));
        offer.remove_prefix(semicolon == offer.npos ? offer.size() : semicolon + 1);
        if (first) {
            fits = iequals(parameter, "permessage-deflate");
            continue;
        }
        auto const equals = parameter.find('=');
        auto const name = trim(parameter.substr(0, equals));
        auto const at = std::find_if(known.begin(), known.end(), [&](auto each) { return iequals(each, name); });
        fits = at != known.end() && !std::exchange(seen[static_cast<std::size_t>(at - known.begin())], true);
        if (equals != parameter.npos)
            fits = fits && *at == known.back() && is_window(trim(parameter.substr(equals + 1)));
    }
    return fits;
}

}  // namespace

bool asks_for_websocket(request const& asked) noexcept {
    // RFC 9110, 7.8: with HTTP/1.0 an Upgrade is ignored.
    return asked.version == 11 && has_element(asked.get(header::upgrade).value_or(""), "websocket") &&
           has_element(asked.get(header::connection).value_or(""), "upgrade");
}

websocket_handshake shake_hands(request const& asked, bool allow_deflate) {
    websocket_handshake out;
    if (asked.get(header::sec_websocket_version) != "13") {
        out.refused = 426;
        out.text = "the version of WebSocket that is spoken here is 13: send Sec-WebSocket-Version: 13";
        return out;
    }
    auto const key = asked.get(header::sec_websocket_key);
    if (!key || !is_key(*key)) {
        out.refused = 400;
        out.text = "Sec-WebSocket-Key must be 16 random bytes in base64";
        return out;
    }
    // Beast's own computation of Sec-WebSocket-Accept, which is in its detail namespace.
    boost::beast::websocket::detail::sec_ws_accept_type accept;
    boost::beast::websocket::detail::make_sec_ws_accept(accept, {key->data(), key->size()});
    out.text = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
    add_field(out.text, "Sec-WebSocket-Accept", {accept.data(), accept.size()});
    // Names of subprotocols are compared as they are (RFC 6455, 11.3.4); others are not spoken, and none is answered.
    for_each_element(asked.get(header::sec_websocket_protocol).value_or(""), [&](std::string_view offer) {
        out.subprotocol = out.subprotocol || offer == websocket_subprotocol;
    });
    if (out.subprotocol)
        add_field(out.text, "Sec-WebSocket-Protocol", websocket_subprotocol);
    for_each_element(asked.get(header::sec_websocket_extensions).value_or(""), [&](std::string_view offer) {
        out.deflate = out.deflate || (allow_deflate && is_offer_of_deflate(offer));
    });
    if (out.deflate)
        add_field(out.text, "Sec-WebSocket-Extensions",
                  "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    return out;
}

}  // namespace anteroom::http
