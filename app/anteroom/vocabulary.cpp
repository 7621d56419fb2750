#include "vocabulary.hpp"

#include <anteroom/base/text.hpp>
#include <anteroom/client/json_reader.hpp>

#include <algorithm>

namespace anteroom {

namespace {

constexpr std::size_t max_id = 64;     // characters
constexpr std::size_t max_emoji = 64;  // bytes: families and flags take many

bool is_text(std::string const& value) {
    return value.find_first_not_of(" \t\r\n") != value.npos;
}

bool is_id(std::string const& value) {
    auto const minus = value.find('-');
    auto const is_word = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return minus != value.npos && minus > 0 && value.size() <= max_id &&
           std::ranges::all_of(value.substr(0, minus), is_word) && minus + 1 < value.size() &&
           value.find_first_not_of("0123456789", minus + 1) == value.npos;
}

// Not ASCII but for the digits and signs of keycaps: letters of other scripts are not distinguished from pictographs.
bool is_emoji(std::string const& value) {
    bool const has_sign = std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return has_sign && value.size() <= max_emoji && !has_control_character(value) &&
           std::ranges::all_of(value, [](char c) {
               return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || c == '#' || c == '*';
           });
}

struct members {
    std::string type;
    std::string to;
    std::string text;
    std::string emoji;
    std::string was;
    std::string quoted_from;
    std::string quoted;
    bool is_removed = false;
};

std::string text_of(std::string_view value) {
    return client::json_string(value).value_or("");
}

void read_quote(std::string_view value, members& into) {
    client::json_reader quote(value);
    if (!quote.enter('{'))
        return;
    while (quote.next()) {
        if (quote.name() == "from")
            into.quoted_from = text_of(quote.value());
        if (quote.name() == "text")
            into.quoted = text_of(quote.value());
    }
}

members read_members(std::string_view object) {
    members out;
    client::json_reader reader(object);
    if (!reader.enter('{'))
        return out;
    while (reader.next()) {
        auto const name = reader.name();
        auto const value = reader.value();
        if (name == "type")
            out.type = text_of(value);
        else if (name == "to")
            out.to = text_of(value);
        else if (name == "text")
            out.text = text_of(value);
        else if (name == "emoji")
            out.emoji = text_of(value);
        else if (name == "was")
            out.was = text_of(value);
        else if (name == "quote")
            read_quote(value, out);
        else if (name == "remove")
            out.is_removed = value == "true";
    }
    return out;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t most) {
    std::string out;
    std::size_t length = 0;
    bool between = false;
    for (char const c : text) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            between = !out.empty();
            continue;
        }
        bool const starts = (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
        if (starts && length + (between ? 2 : 1) > most - 1)
            return out + "…";
        if (between)
            out += ' ';
        length += (starts ? 1U : 0U) + (between ? 1U : 0U);
        between = false;
        out += c;
    }
    return out;
}

meaning meaning_of(client::message const& of) {
    meaning out;
    if (of.kind != client::content::json)
        return out;
    auto got = read_members(of.data);
    if (got.type == "typing") {
        out.what = meaning::kind::typing;
    } else if (got.type == "renamed" && is_text(got.was)) {
        out.what = meaning::kind::renamed;
        out.was = std::move(got.was);
    } else if (got.type == "reaction" && is_id(got.to) && is_emoji(got.emoji)) {
        out.what = meaning::kind::reaction;
        out.to = std::move(got.to);
        out.emoji = std::move(got.emoji);
        out.is_removed = got.is_removed;
    } else if (got.type == "reply" && is_id(got.to) && is_text(got.text)) {
        out.what = meaning::kind::reply;
        out.to = std::move(got.to);
        out.text = std::move(got.text);
        out.quoted_from = is_text(got.quoted_from) ? std::move(got.quoted_from) : std::string();
        out.quoted = one_line(got.quoted);
    }
    return out;
}

std::string renamed_data(std::string_view was) {
    std::string out = R"({"type":"renamed","was":)";
    client::append_json_string(out, was);
    return out + "}";
}

}  // namespace anteroom
