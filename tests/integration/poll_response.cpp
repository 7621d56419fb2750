#include "poll_response.hpp"

#include "harness_error.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace anteroom::integration {
namespace {

namespace json = boost::json;

std::string text_of(json::value const& value) {
    return json::value_to<std::string>(value);
}

std::uint64_t whole_number(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw harness_error{"not a whole number: " + std::string{text}};
    }
    return value;
}

std::vector<gap> parse_gaps(json::object const& answer) {
    std::vector<gap> gaps;
    auto const* const listed = answer.if_contains("gaps");
    if (listed == nullptr) {
        return gaps;
    }
    if (listed->as_array().empty()) {
        throw harness_error{"gaps must appear only when there are some"};
    }
    for (auto const& entry : listed->as_array()) {
        gaps.push_back(parse_gap(entry.as_object()));
    }
    return gaps;
}

bool parse_flag(json::object const& answer, std::string_view name) {
    auto const* const flag = answer.if_contains(name);
    if (flag != nullptr && !flag->as_bool()) {
        throw harness_error{std::string{name} + " must appear only when it is true"};
    }
    return flag != nullptr;
}

gap parse_gap_value(std::string_view value) {
    auto rest = value;
    auto const next = [&rest] {
        auto const part = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        return part;
    };
    gap found{std::string{next()}, std::nullopt};
    constexpr std::string_view missed = "missed=";
    constexpr std::string_view room = "room=";
    while (!rest.empty()) {
        auto const part = next();
        if (part.starts_with(missed)) {
            found.missed = whole_number(part.substr(missed.size()));
        } else if (part.starts_with(room)) {
            found.room = part.substr(room.size());
        } else {
            throw harness_error{"not a Gap header: " + std::string{value}};
        }
    }
    return found;
}

}  // namespace

std::vector<std::string> poll_response::texts() const {
    std::vector<std::string> all;
    for (auto const& message : messages) {
        all.push_back(text_of(message.data));
    }
    return all;
}

message parse_message(json::object const& object) {
    static std::set<std::string_view> const known{"room", "id", "time", "from", "data"};
    for (auto const& member : object) {
        if (!known.contains(member.key())) {
            throw harness_error{"a message has no member " + std::string{member.key()}};
        }
    }
    message parsed{text_of(object.at("id")), object.at("time").to_number<std::int64_t>(), std::nullopt,
                   object.at("data")};
    if (auto const* const from = object.if_contains("from")) {
        parsed.from = text_of(*from);
    }
    if (auto const* const room = object.if_contains("room")) {
        if (object.begin()->key() != "room") {
            throw harness_error{"the room must be the first member: " + json::serialize(object)};
        }
        parsed.room = text_of(*room);
    }
    return parsed;
}

gap parse_gap(json::object const& object) {
    gap found{text_of(object.at("reason")), std::nullopt, text_of(object.at("room"))};
    if (auto const* const missed = object.if_contains("missed")) {
        found.missed = missed->to_number<std::uint64_t>();
    }
    return found;
}

std::vector<message> parse_messages(json::object const& answer) {
    std::vector<message> messages;
    for (auto const& entry : answer.at("messages").as_array()) {
        messages.push_back(parse_message(entry.as_object()));
    }
    return messages;
}

poll_response parse_poll_response(response const& answer) {
    if (answer.status != 200 || answer.media_type() != "application/json") {
        throw harness_error{"not a response to a JSON poll: " + answer.text()};
    }
    auto const object = answer.json();
    poll_response result{parse_messages(object), text_of(object.at("next")), parse_gaps(object),
                         parse_flag(object, "draining"), parse_flag(object, "superseded")};
    if (answer.header("Last-Event-ID") != result.next || answer.header("Cache-Control") != "no-store") {
        throw harness_error{"every response must have its cursor and Cache-Control: no-store: " + answer.text()};
    }
    return result;
}

std::optional<gap> parse_gap_header(response const& answer) {
    return answer.has("Gap") ? std::optional{parse_gap_value(answer.header("Gap"))} : std::nullopt;
}

std::vector<gap> parse_gap_headers(response const& answer) {
    std::vector<gap> all;
    for (auto const& [name, value] : answer.headers) {
        if (name == "Gap") {
            all.push_back(parse_gap_value(value));
        }
    }
    return all;
}

std::string epoch_of(std::string_view cursor) {
    return std::string{cursor.substr(0, cursor.rfind('-'))};
}

std::uint64_t number_of(std::string_view cursor) {
    return whole_number(cursor.substr(cursor.rfind('-') + 1));
}

}  // namespace anteroom::integration
