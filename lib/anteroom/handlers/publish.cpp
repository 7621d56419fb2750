// POST /room/{room}/publish: the body becomes a message.
#include <anteroom/base/text.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/http/accept.hpp>

#include <fmt/format.h>

namespace anteroom {

namespace {

constexpr std::size_t max_name = 64;

parsed<std::string> read_author(http::target const& from) {
    auto const name = from.get("as");
    if (!name)
        return std::string();
    if (!is_utf8(*name) || name->empty() || utf8_length(*name) > max_name || has_control_character(*name))
        return bad_input{400, fmt::format("'as' must be 1 to {} characters without control characters", max_name)};
    return std::string(*name);
}

parsed<draft> text_draft(std::string_view body) {
    if (!is_utf8(body))
        return bad_input{400, "a text message must be valid UTF-8"};
    return draft{content::text, std::string(body), {}};
}

parsed<draft> json_draft(std::string_view body) {
    auto compact = encode::compact_json(body);
    if (!compact)
        return bad_input{400, "the body is not valid JSON; send it as text/plain if it is not meant to be"};
    return draft{content::json, std::move(*compact), {}};
}

// The field `message`; without one the body as it is, so that `curl -d 'hello'` does what a person means.
parsed<draft> form_draft(std::string_view body) {
    auto const fields = http::form::parse(body);
    if (auto const field = fields ? fields->get("message") : std::nullopt) {
        if (field->empty())
            return bad_input{400, "the field 'message' is empty; a message has at least one byte"};
        return text_draft(*field);
    }
    return text_draft(body);
}

parsed<draft> read_draft(http::request const& asked) {
    auto const type = asked.get(http::header::content_type).value_or("text/plain");
    if (auto const charset = http::media_parameter(type, "charset");
        !charset.empty() && !iequals(charset, "utf-8") && !iequals(charset, "us-ascii"))
        return bad_input{415, "send UTF-8; other character sets are not converted"};
    bool const text = http::is_media_type(type, "text/plain");
    bool const json = http::is_media_type(type, "application/json");
    if (!text && !json && !http::is_media_type(type, "application/x-www-form-urlencoded"))
        return bad_input{415, "send text/plain, application/json or application/x-www-form-urlencoded"};
    if (asked.body.empty())
        return bad_input{400, "the body is the message, and it is empty"};
    if (text)
        return text_draft(asked.body);
    return json ? json_draft(asked.body) : form_draft(asked.body);
}

}  // namespace

task<void> api::post_publish(call const& by) {
    auto const name = read_room(by);
    if (!name) {
        send(by.client, name.error());
        return {};
    }
    auto author = read_author(by.target);
    if (!author) {
        send(by.client, author.error());
        return {};
    }
    auto what = read_draft(by.request);
    if (!what) {
        send(by.client, what.error());
        return {};
    }
    what->from = std::move(*author);
    auto const done = rooms_.publish(*name, std::move(*what), by.client.home());
    if (!done) {
        auto answer =
            http::problem(503, "the messages that are kept take all the memory that they may; try again later");
        http::add_field(answer.fields, "Retry-After", "1");
        by.client.send(answer);
        return {};
    }
    by.client.send(http::json_response(201, encode::json(*done)));
    return {};
}

}  // namespace anteroom
