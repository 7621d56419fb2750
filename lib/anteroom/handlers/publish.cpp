// POST /room/{room}/publish: the body becomes one message or several.
#include <anteroom/base/text.hpp>
#include <anteroom/handlers/endpoints.hpp>
#include <anteroom/handlers/idempotency_key.hpp>
#include <anteroom/handlers/publishing.hpp>
#include <anteroom/http/accept.hpp>
#include <anteroom/http/body_limit.hpp>
#include <anteroom/http/content_coding.hpp>

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

bad_input too_long(std::size_t max_body) {
    return {413, fmt::format("a message may have {} bytes", max_body)};
}

// One message per line; lines of nothing but white space are ignored (NDJSON leaves that to the parser).
parsed<std::vector<draft>> batch_drafts(std::string_view body, std::size_t max_body) {
    std::vector<draft> out;
    for (std::size_t line = 1; !body.empty(); ++line) {
        auto const end = body.find('\n');
        auto const text = body.substr(0, end);
        body.remove_prefix(end == body.npos ? body.size() : end + 1);
        if (text.find_first_not_of(" \t\r") == text.npos)
            continue;
        auto what = json_draft(text);
        if (!what)
            return bad_input{400, fmt::format("line {} is not valid JSON; no line was published", line)};
        if (what->data.size() > max_body)
            return bad_input{413, fmt::format("line {} is too long, and no line was published; {}", line,
                                              too_long(max_body).detail)};
        out.push_back(std::move(*what));
    }
    if (out.empty())
        return bad_input{400, "the batch has no line that is a message"};
    return out;
}

bool is_utf8_charset(std::string_view name) noexcept {
    // `utf8` is a label of the Encoding standard, and what many write.
    return name.empty() || iequals(name, "utf-8") || iequals(name, "utf8") || iequals(name, "us-ascii");
}

enum class body_type { text, json, batch, form };

parsed<body_type> read_type(call const& by) {
    auto const type = by.request->get(http::header::content_type).value_or("text/plain");
    if (!is_utf8_charset(http::media_parameter(type, "charset")))
        return bad_input{415, "send UTF-8; other character sets are not converted"};
    if (http::is_media_type(type, "text/plain"))
        return body_type::text;
    if (http::is_media_type(type, "application/json"))
        return body_type::json;
    if (http::is_media_type(type, "application/x-ndjson"))
        return body_type::batch;
    if (http::is_media_type(type, "application/x-www-form-urlencoded"))
        return body_type::form;
    return bad_input{415,
                     "send text/plain, application/json, application/x-www-form-urlencoded or application/x-ndjson"};
}

parsed<http::content_coding> read_coding(call const& by) {
    auto const coding = http::content_coding_of(by.request->get(http::header::content_encoding));
    if (coding != http::content_coding::other)
        return coding;
    // RFC 9110, 15.5.16.
    by.client.add_fields(fmt::format("Accept-Encoding: {}\r\n", http::accepted_codings));
    return bad_input{
        415, fmt::format("send the body as it is, or in one of the content codings {}", http::accepted_codings)};
}

/// What the head of a publish says.
struct publish_head {
    room_names rooms;
    std::string author;
    std::string key;
    body_type type = body_type::text;
    http::content_coding coding = http::content_coding::identity;
};

// Fills `out`; returns why the publish is refused, if it is.
std::optional<bad_input> read_head(call const& by, publish_head& out) {
    auto rooms = read_rooms(by);
    if (!rooms)
        return rooms.error();
    out.rooms = std::move(*rooms);
    remove_repeated(out.rooms);
    if (auto refused = refused_room(out.rooms))
        return refused;
    auto author = read_name(by.target());
    if (!author)
        return author.error();
    out.author = std::move(*author);
    auto key = read_idempotency_key(by.request->get(http::header::idempotency_key));
    if (!key)
        return key.error();
    out.key = std::move(*key);
    auto const type = read_type(by);
    if (!type)
        return type.error();
    out.type = *type;
    auto const coding = read_coding(by);
    if (!coding)
        return coding.error();
    out.coding = *coding;
    return std::nullopt;
}

// The body without its content coding, which is decoded into `decoded` if there is one.
parsed<std::string_view> read_body(call const& by, publish_head const& head, std::string& decoded) {
    if (head.coding == http::content_coding::identity)
        return by.request->body;
    auto const max_body = by.app.options.max_body;
    auto const most = head.type == body_type::text ? max_body : http::max_encoded(max_body);
    auto unpacked = http::decode_body(head.coding, by.request->body, most);
    if (unpacked.is == http::decoded_body::state::too_big)
        return too_long(max_body);
    if (unpacked.is == http::decoded_body::state::broken)
        return bad_input{400, "the body is not in its Content-Encoding, or is damaged"};
    decoded = std::move(unpacked.text);
    return std::string_view(decoded);
}

parsed<std::vector<draft>> read_drafts(call const& by, publish_head const& head) {
    auto const max_body = by.app.options.max_body;
    std::string decoded;
    auto const body = read_body(by, head, decoded);
    // Reading the text, whatever comes of it; of a compressed one, all that it might have become.
    bool const compressed = head.coding != http::content_coding::identity;
    auto const unpacked = !compressed ? 0 : body ? body->size() : http::max_encoded(max_body);
    by.client.charge(by.request->body.size() / 4096 + unpacked / 1024);
    if (!body)
        return body.error();
    if (body->empty())
        return bad_input{400, "the body is the message, and it is empty"};
    if (head.type == body_type::batch)
        return batch_drafts(*body, max_body);
    auto one = head.type == body_type::text   ? text_draft(*body)
               : head.type == body_type::json ? json_draft(*body)
                                              : form_draft(*body);
    if (!one)
        return one.error();
    if (one->data.size() > max_body)
        return too_long(max_body);
    std::vector<draft> out;
    out.push_back(std::move(*one));
    return out;
}

parsed<to_publish> read_publish(call const& by) {
    publish_head head;
    if (auto refused = read_head(by, head))
        return std::move(*refused);
    auto what = read_drafts(by, head);
    if (!what)
        return what.error();
    auto const& rooms = head.rooms.all;
    if (what->size() * rooms.size() > max_messages)
        return bad_input{413, fmt::format("one call may append {} messages, over all of its rooms", max_messages)};
    parsed<to_publish> made(std::in_place);
    auto& out = *made;
    out.what = std::move(*what);
    by.client.charge(out.what.size() * rooms.size() / 8);  // a place in each of the rooms
    for (auto& each : out.what)
        each.from = head.author;
    out.rooms.assign(rooms.begin(), rooms.end());
    out.several = head.rooms.several;
    out.batch = head.type == body_type::batch;
    out.key = std::move(head.key);
    return made;
}

awaitable<> answer_after_others(caller by, to_publish what) {
    auto others = publish_after_others(by, std::move(what));
    auto done = co_await std::move(others);
    send(by.client, done);
}

}  // namespace

std::optional<bad_input> refused_publish(call const& by) {
    publish_head head;
    return read_head(by, head);
}

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
