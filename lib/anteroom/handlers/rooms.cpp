// GET /room/{room} and GET /rooms: what rooms there are, and how they are.
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/http/accept.hpp>

#include <array>

namespace anteroom {

task<void> api::get_room(call const& by) {
    auto const name = read_room(by);
    if (!name) {
        send(by.client, name.error());
        return {};
    }
    static constexpr std::array<std::string_view, 2> forms = {"text/html", "application/json"};
    auto const form = http::negotiate(by.request.get(http::header::accept), forms);
    if (!form) {
        send(by.client,
             bad_input{406, "a room is a page (text/html) or its facts (application/json); accept one of them"});
        return {};
    }
    if (*form == 0) {
        send_page(by);
        return {};
    }
    room_facts facts;
    if (auto const room = rooms_.find(*name)) {
        facts = room->facts();
    } else {
        facts.name = std::string_view(*name);
        facts.last = rooms_.beginning(*name);
    }
    auto answer = http::json_response(200, encode::json(facts));
    http::add_field(answer.fields, "Vary", "Accept");
    by.client.send(answer);
    return {};
}

task<void> api::get_rooms(call const& by) {
    auto const limit = read_number(by.target, "limit", 1, 1000, 100);
    if (!limit) {
        send(by.client, limit.error());
        return {};
    }
    bool more = false;
    std::string body = R"({"rooms":[)";
    auto const found =
        rooms_.list(by.target.get("prefix").value_or(""), by.target.get("after").value_or(""), *limit, more);
    for (auto const& facts : found) {
        body += encode::json(facts);
        body += ',';
    }
    if (!found.empty())
        body.pop_back();
    body += more ? R"(],"more":true})" : R"(],"more":false})";
    by.client.send(http::json_response(200, std::move(body)));
    return {};
}

}  // namespace anteroom
