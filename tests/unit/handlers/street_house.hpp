// A house that is reached by TCP, as browsers do it, and who comes by.
#pragma once

#include "handlers/house.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace anteroom::unit {

inline constexpr std::string_view machine = "box";

/// A house that is reached by TCP, as browsers do it.
struct street_house : anteroom_house {
    static api_options with(api_options given) {
        given.hosts.emplace_back(machine);
        return given;
    }
    explicit street_house(api_options given = {}) : anteroom_house(with(std::move(given))) {}
};

struct passer_by : visitor {
    explicit passer_by(street_house& in, char const* address = "127.0.0.1") : visitor(in) {
        stream().set_address(asio::ip::make_address(address));
    }
    /// Sends a request with that Host (empty: none) and other fields.
    answer call(std::string_view host, std::string_view line = "GET /healthz", std::string_view fields = {},
                std::string_view body = {}) {
        std::string text(line);
        text += " HTTP/1.1\r\n";
        if (!host.empty())
            text.append("Host: ").append(host).append("\r\n");
        text += fields;
        if (!body.empty())
            text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
        send(text.append("\r\n").append(body));
        return next_answer();
    }
};

}  // namespace anteroom::unit
