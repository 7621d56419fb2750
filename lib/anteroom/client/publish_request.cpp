#include <anteroom/base/text.hpp>
#include <anteroom/client/json_reader.hpp>
#include <anteroom/client/publish_request.hpp>
#include <anteroom/client/subscription_cursor.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace anteroom::client {

namespace {

bool is_key(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

result<request> publish_request(std::span<std::string const> rooms, draft const& what, std::string_view as,
                                std::string_view key) {
    auto checked = subscription_cursor::for_rooms({rooms.begin(), rooms.end()});
    if (!checked)
        return checked.error();
    if (!is_utf8(as) || utf8_length(as) > 64 || has_control_character(as))
        return error(errc::bad_argument, "a name is 1 to 64 characters of UTF-8 without control characters");
    if (!is_key(key))
        return error(errc::bad_argument, "an idempotency key is 1 to 128 visible ASCII characters");
    if (what.data().empty())
        return error(errc::bad_argument, "an empty message cannot be published");

    request out;
    out.method = "POST";
    std::string query;
    if (rooms.size() == 1) {
        out.target = fmt::format("/room/{}/publish", percent_encode(rooms.front()));
    } else {
        out.target = "/publish";
        for (auto const& room : rooms)
            query += "&room=" + percent_encode(room);
    }
    if (!as.empty())
        query += "&as=" + percent_encode(as);
    if (!query.empty()) {
        query.front() = '?';
        out.target += query;
    }
    out.fields.emplace_back("Content-Type", what.media_type());
    out.fields.emplace_back("Idempotency-Key", key);
    out.body = what.data();
    return out;
}

std::optional<receipt> parse_receipt(std::string_view body) {
    receipt out;
    json_reader reader(body);
    if (!reader.enter('{'))
        return std::nullopt;
    while (reader.next()) {
        if (reader.name() == "id") {
            out.ids.push_back(json_string(reader.value()).value_or(""));
        } else if (reader.name() == "ids") {
            json_reader ids(reader.value());
            ids.enter('[');
            while (ids.next())
                out.ids.push_back(json_string(ids.value()).value_or(""));
        } else if (reader.name() == "time") {
            out.time = json_number(reader.value()).value_or(0);
        } else if (reader.name() == "subscribers") {
            out.subscribers = static_cast<std::uint64_t>(json_number(reader.value()).value_or(0));
        } else if (reader.name() == "duplicate") {
            out.duplicate = reader.value() == "true";
        }
    }
    if (!reader.complete() || out.ids.empty() || std::ranges::any_of(out.ids, &std::string::empty))
        return std::nullopt;
    return out;
}

}  // namespace anteroom::client
