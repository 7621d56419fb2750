#include <anteroom/base/text.hpp>
#include <anteroom/client/subscribe_request.hpp>

#include <fmt/format.h>

namespace anteroom::client {

std::string subscribe_target(subscriber_options const& options, subscription_cursor const& from,
                             std::chrono::milliseconds wait) {
    std::string query;
    auto const add = [&query](std::string_view name, std::string_view value) {
        query += query.empty() ? '?' : '&';
        query += name;
        query += '=';
        query += percent_encode(value);
    };
    std::string path = "/subscribe";
    if (from.several()) {
        for (auto const& room : from.rooms())
            add("room", room);
    } else {
        path = fmt::format("/room/{}/subscribe", percent_encode(from.rooms().front()));
    }
    if (wait >= std::chrono::milliseconds(0)) {
        auto const parts = wait.count() % 1000;
        add("wait",
            parts == 0 ? fmt::format("{}", wait.count() / 1000) : fmt::format("{}.{:03}", wait.count() / 1000, parts));
        add("limit", fmt::format("{}", options.limit));
    }
    if (!options.as.empty())
        add("as", options.as);
    if (!options.client.empty())
        add("client", options.client);
    return path + query;
}

request subscribe_request(subscriber_options const& options, subscription_cursor const& from,
                          std::chrono::milliseconds wait, std::string_view accept) {
    request out;
    out.target = subscribe_target(options, from, wait);
    out.fields.emplace_back("Accept", accept);
    // As a header field, since a cursor of many rooms is too long for a request line.
    if (auto cursor = from.text(); !cursor.empty())
        out.fields.emplace_back("Last-Event-ID", std::move(cursor));
    return out;
}

}  // namespace anteroom::client
