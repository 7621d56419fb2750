// JSON: what is taken is written again as the same value, and what is not is not JSON.
#include "input.hpp"
#include "json_value.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/encode/frames.hpp>
#include <anteroom/encode/json.hpp>

#include <optional>
#include <string>

using namespace anteroom;
using namespace anteroom::fuzz;

namespace {

// The same message in each of its forms.
void check_message(draft const& what, boost::json::value const& data) {
    memory_meter meter;
    auto const made = message::make(what, meter);
    made->place({36, 42}, 7);
    auto const whole = parse_json(encode::make_json(*made));
    check(whole && whole->is_object(), "a message is written as an object");
    check(is_same(whole->get_object().at("data"), data), "with its data");
    check(whole->get_object().at("id") == "10-42", "and its id");
    check(encode::frames(*made).json() == encode::make_json(*made), "and shared as that");
    auto const in_room =
        parse_json(encode::json_room_prefix("a \"b\"") + std::string(encode::frames(*made).json_rest()));
    check(in_room && in_room->get_object().at("room") == "a \"b\"", "and with its room");
}

void check_value(std::string_view text, std::string const& compact) {
    auto const value = parse_json(text);
    check(value.has_value(), "what is taken for JSON is JSON");
    auto const compacted = parse_json(compact);
    check(compacted && is_same(*compacted, *value), "the same value without white space");
    check(encode::compact_json(compact) == compact, "which is compact");
    check_message({content::json, compact, {}}, *value);

    auto const members = encode::members(compact);
    check(members.has_value() == value->is_object(), "an object has members");
    if (members) {
        std::string again;
        for (auto const& [name, of] : *members) {
            again.append(again.empty() ? "" : ",").append("\"").append(name).append("\":").append(of);
            check(parse_json(of).has_value(), "a member's value is one");
        }
        check("{" + again + "}" == compact, "these are all of them");
    }
    auto const string = encode::string_value(compact);
    check(string.has_value() == value->is_string(), "a string is one");
    check(!string || *string == value->get_string(), "with its text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = as_text(data, size);
    if (auto const compact = encode::compact_json(input))
        check_value(input, *compact);
    else
        check(!parse_json(input) ||
                  std::count(input.begin(), input.end(), '[') + std::count(input.begin(), input.end(), '{') > 256,
              "what is not taken is not JSON, or too deep");
    if (is_utf8(input)) {
        std::string string;
        encode::append_json_string(string, input);
        auto const value = parse_json(string);
        check(value && value->is_string() && value->get_string() == input, "a text is a string");
        check_message({content::text, std::string(input), std::string(input.substr(0, 0))}, *value);
    }
    return 0;
}
