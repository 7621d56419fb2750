// POST /room/{room}/publish: the body becomes one message or several.
#include <anteroom/base/text.hpp>
#include <anteroom/handlers/endpoints.hpp>
#include <anteroom/handlers/publishing.hpp>
#include <anteroom/http/accept.hpp>

#include <fmt/format.h>

namespace anteroom {

namespace {

// The maximum number of messages in one call: its response has an id for each.
constexpr std::size_t max_messages = 10'000;

// The form field `message`; if there is none, the whole body, so that `curl -d 'hello'` does what is expected.
parsed<draft> form_draft(std::string_view body) {
    auto const fields = http::form::parse(body);
    if (auto const field = fields ? fields->get("message") : std::nullopt) {
        if (field->empty())
            return bad_input{400, "the field 'message' is empty; a message has at least one byte"};
        return text_draft(*field);
    }
    return text_draft(body);
}

// One message per line; empty lines are ignored (NDJSON leaves that to the parser).
parsed<std::vector<draft>> batch_drafts(std::string_view body) {
    std::vector<draft> out;
    for (std::size_t line = 1; !body.empty(); ++line) {
        auto const end = body.find('\n');
        auto const text = trim(body.substr(0, end));
        body.remove_prefix(end == body.npos ? body.size() : end + 1);
        if (text.empty() || text == "\r")
            continue;
        auto what = json_draft(text);
        if (!what)
            return bad_input{400, "line " + std::to_string(line) + " is not valid JSON; no line was published"};
        out.push_back(std::move(*what));
    }
    if (out.empty())
        return bad_input{400, "the batch has no line that is a message"};
    return out;
}

parsed<std::vector<draft>> read_drafts(http::request const& asked, bool& batch) {
    auto const type = asked.get(http::header::content_type).value_or("text/plain");
    if (auto const charset = http::media_parameter(type, "charset");
        !charset.empty() && !iequals(charset, "utf-8") && !iequals(charset, "us-ascii"))
        return bad_input{415, "send UTF-8; other character sets are not converted"};
    bool const text = http::is_media_type(type, "text/plain");
    bool const json = !text && http::is_media_type(type, "application/json");
    batch = !text && !json && http::is_media_type(type, "application/x-ndjson");
    if (!text && !json && !batch && !http::is_media_type(type, "application/x-www-form-urlencoded"))
        return bad_input{
            415, "send text/plain, application/json, application/x-www-form-urlencoded or application/x-ndjson"};
    if (asked.body.empty())
        return bad_input{400, "the body is the message, and it is empty"};
    if (batch)
        return batch_drafts(asked.body);
    auto one = text ? text_draft(asked.body) : json ? json_draft(asked.body) : form_draft(asked.body);
    if (!one)
        return one.error();
    std::vector<draft> out;
    out.push_back(std::move(*one));
    return out;
}

parsed<std::string> read_key(http::request const& asked) {
    auto const key = asked.get(http::header::idempotency_key);
    if (!key)
        return std::string();
    if (!is_client_made(*key))
        return bad_input{400, "Idempotency-Key must be 1 to 128 visible ASCII characters"};
    return std::string(*key);
}

parsed<to_publish> read_publish(call const& by) {
    auto rooms = read_rooms(by);
    if (!rooms)
        return rooms.error();
    remove_repeated(*rooms);
    if (auto const refused = refused_room(*rooms))
        return *refused;
    auto const author = read_name(by.target());
    if (!author)
        return author.error();
    auto key = read_key(*by.request);
    if (!key)
        return key.error();
    parsed<to_publish> made(std::in_place);
    auto& out = *made;
    auto what = read_drafts(*by.request, out.batch);
    if (!what)
        return what.error();
    if (what->size() * rooms->all.size() > max_messages)
        return bad_input{413, fmt::format("one call may append {} messages, over all of its rooms", max_messages)};
    out.what = std::move(*what);
    // Reading the text, and a place in each of the rooms.
    by.client.charge(by.request->body.size() / 4096 + out.what.size() * rooms->all.size() / 8);
    for (auto& each : out.what)
        each.from = *author;
    out.rooms.assign(rooms->all.begin(), rooms->all.end());
    out.several = rooms->several;
    out.key = std::move(*key);
    return made;
}

awaitable<> answer_after_others(caller by, to_publish what) {
    auto others = publish_after_others(by, std::move(what));
    auto done = co_await std::move(others);
    send(by.client, done);
}

}  // namespace

awaitable<> post_publish(call by) {
    auto what = read_publish(by);
    if (!what) {
        send(by.client, what.error());
        return {};
    }
    if (auto done = publish(by, *what)) {
        send(by.client, *done);
        return {};
    }
    return answer_after_others({by.app, by.client}, std::move(*what));
}

}  // namespace anteroom
