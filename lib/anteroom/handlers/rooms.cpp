// GET and DELETE /room/{room}, GET /room/{room}/presence, GET /rooms: what rooms there are, and how they are.
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/http/accept.hpp>

#include <fmt/format.h>

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
    if (auto const room = rooms_.find(name->front())) {
        facts = room->facts();
    } else {
        facts.name = name->front();
        facts.last = rooms_.beginning(name->front());
    }
    auto answer = http::json_response(200, encode::json(facts));
    http::add_field(answer.fields, "Vary", "Accept");
    by.client.send(answer);
    return {};
}

task<void> api::delete_room(call const& by) {
    auto const name = read_room(by);
    if (!name) {
        send(by.client, name.error());
        return {};
    }
    if (!options_.allow_delete) {
        send(by.client, bad_input{403, "deleting is off; the server's flag --allow-delete turns it on"});
        return {};
    }
    rooms_.drop(name->front(), by.client.home());
    http::response done;
    done.status = 204;
    by.client.send(done);
    return {};
}

task<void> api::get_presence(call const& by) {
    auto const name = read_room(by);
    if (!name) {
        send(by.client, name.error());
        return {};
    }
    std::string body = R"({"present":[)";
    for (auto const& each : presence_.list(name->front())) {
        body += R"({"as":)";
        encode::append_json_string(body, each.name);
        body += fmt::format(R"(,"since":{}}},)", each.since);
    }
    if (body.back() == ',')
        body.pop_back();
    auto const room = rooms_.find(name->front());
    body += fmt::format(R"(],"subscribers":{}}})", room ? room->changes().waiting() : 0);
    by.client.send(http::json_response(200, std::move(body)));
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
