#include "poll_answer.hpp"

#include "harness_error.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

#include <charconv>

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
        auto const& object = entry.as_object();
        gap found{text_of(object.at("reason")), std::nullopt};
        if (auto const* const missed = object.if_contains("missed")) {
            found.missed = missed->to_number<std::uint64_t>();
        }
        gaps.push_back(std::move(found));
    }
    return gaps;
}

}  // namespace

std::vector<std::string> poll_answer::texts() const {
    std::vector<std::string> all;
    for (auto const& message : messages) {
        all.push_back(text_of(message.data));
    }
    return all;
}

std::vector<message> parse_messages(json::object const& answer) {
    std::vector<message> messages;
    for (auto const& entry : answer.at("messages").as_array()) {
        auto const& object = entry.as_object();
        message parsed{text_of(object.at("id")), object.at("time").to_number<std::int64_t>(), std::nullopt,
                       object.at("data")};
        if (auto const* const from = object.if_contains("from")) {
            parsed.from = text_of(*from);
        }
        messages.push_back(std::move(parsed));
    }
    return messages;
}

poll_answer parse_poll_answer(response const& answer) {
    if (answer.status != 200 || answer.media_type() != "application/json") {
        throw harness_error{"not the answer of a JSON poll: " + answer.text()};
    }
    auto const object = answer.json();
    poll_answer result{parse_messages(object), text_of(object.at("next")), parse_gaps(object), false};
    if (auto const* const draining = object.if_contains("draining")) {
        result.draining = draining->as_bool();
        if (!result.draining) {
            throw harness_error{"draining must appear only when it is true: " + answer.text()};
        }
    }
    if (answer.header("Last-Event-ID") != result.next || answer.header("Cache-Control") != "no-store") {
        throw harness_error{"every answer carries its cursor and Cache-Control: no-store: " + answer.text()};
    }
    return result;
}

std::optional<gap> parse_gap_header(response const& answer) {
    if (!answer.has("Gap")) {
        return std::nullopt;
    }
    auto const value = answer.header("Gap");
    auto const semicolon = value.find(';');
    gap found{value.substr(0, semicolon), std::nullopt};
    if (semicolon != std::string::npos) {
        auto const parameter = std::string_view{value}.substr(semicolon + 1);
        constexpr std::string_view missed = "missed=";
        if (!parameter.starts_with(missed)) {
            throw harness_error{"not a Gap header: " + value};
        }
        found.missed = whole_number(parameter.substr(missed.size()));
    }
    return found;
}

std::string epoch_of(std::string_view cursor) {
    return std::string{cursor.substr(0, cursor.rfind('-'))};
}

std::uint64_t number_of(std::string_view cursor) {
    return whole_number(cursor.substr(cursor.rfind('-') + 1));
}

}  // namespace anteroom::integration
