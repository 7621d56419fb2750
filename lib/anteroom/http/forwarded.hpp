// What a proxy says about the request that it forwards: Forwarded (RFC 7239), X-Forwarded-Proto and X-Forwarded-Host.
#pragma once

#include <anteroom/http/request.hpp>

#include <string>

namespace anteroom::http {

/// As the nearest proxy received the request; empty where it does not say. To be believed of proxies that are trusted
/// only: anybody can send these fields.
struct forwarded {
    std::string scheme;      // of WebSockets that of their handshake: http, https
    std::string host;        // with its port, if one was written
    bool malformed = false;  // a quote in Forwarded does not end, which could hide what the nearest proxy says
};

/// The last element counts, which the nearest proxy appended. `Forwarded` wins over the other two.
forwarded forwarded_as(header_fields const& fields);

}  // namespace anteroom::http
