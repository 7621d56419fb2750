#include <anteroom/base/text.hpp>
#include <anteroom/http/request.hpp>

namespace anteroom::http {

std::optional<header> find_header(std::string_view name) noexcept {
    auto const is = [&](std::string_view known, header which) {
        return iequals(name, known) ? std::optional(which) : std::nullopt;
    };
    // Called for every field of every request: comparing lengths rules out nearly all names.
    switch (name.size()) {
        case 4:
            return is("Host", header::host);
        case 6: {
            auto const found = is("Accept", header::accept);
            auto const other = found ? found : is("Expect", header::expect);
            auto const another = other ? other : is("Prefer", header::prefer);
            return another ? another : is("Origin", header::origin);
        }
        case 7:
            return is("Upgrade", header::upgrade);
        case 9:
            return is("Forwarded", header::forwarded);
        case 10:
            return is("Connection", header::connection);
        case 12:
            return is("Content-Type", header::content_type);
        case 13: {
            auto const found = is("If-None-Match", header::if_none_match);
            return found ? found : is("Last-Event-ID", header::last_event_id);
        }
        case 14:
            return is("Sec-Fetch-Site", header::sec_fetch_site);
        case 15: {
            auto const found = is("Idempotency-Key", header::idempotency_key);
            return found ? found : is("Accept-Encoding", header::accept_encoding);
        }
        case 16: {
            auto const found = is("Content-Encoding", header::content_encoding);
            return found ? found : is("X-Forwarded-Host", header::x_forwarded_host);
        }
        case 17: {
            auto const found = is("Sec-WebSocket-Key", header::sec_websocket_key);
            return found ? found : is("X-Forwarded-Proto", header::x_forwarded_proto);
        }
        case 21:
            return is("Sec-WebSocket-Version", header::sec_websocket_version);
        case 22:
            return is("Sec-WebSocket-Protocol", header::sec_websocket_protocol);
        case 24:
            return is("Sec-WebSocket-Extensions", header::sec_websocket_extensions);
        case 29:
            return is("Access-Control-Request-Method", header::access_control_request_method);
        default:
            return std::nullopt;
    }
}

bool is_list(header which) noexcept {
    switch (which) {
        case header::accept:
        case header::accept_encoding:
        case header::connection:
        case header::content_encoding:
        case header::expect:
        case header::forwarded:
        case header::if_none_match:
        case header::prefer:
        case header::sec_websocket_extensions:
        case header::sec_websocket_protocol:
        case header::upgrade:
        case header::x_forwarded_host:
        case header::x_forwarded_proto:
        // Browsers send one of each of these; of more, none must be overlooked (see admission).
        case header::origin:
        case header::sec_fetch_site:
            return true;
        default:
            return false;
    }
}

expectation expectation_of(std::optional<std::string_view> field) noexcept {
    auto out = expectation::none;
    for_each_element(field.value_or(""), [&](std::string_view element) {
        if (!iequals(element, "100-continue"))
            out = expectation::other;
        else if (out == expectation::none)
            out = expectation::go_ahead;
    });
    return out;
}

}  // namespace anteroom::http
