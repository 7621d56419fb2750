// GET and DELETE /room/{room}, GET /room/{room}/presence, GET /rooms: the list of rooms, and their state.
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/endpoints.hpp>
#include <anteroom/http/accept.hpp>

#include <fmt/format.h>

#include <array>

namespace anteroom {

void get_room(call const& by) {
    auto const name = read_room(by);
    if (!name) {
        send(by.client, name.error());
        return;
    }
    static constexpr std::array<std::string_view, 2> forms = {"text/html", "application/json"};
    auto const form = http::negotiate(by.request->get(http::header::accept), forms);
    if (!form) {
        send(by.client,
             bad_input{406, "a room is a page (text/html) or its facts (application/json); accept one of them"});
        return;
    }
    if (*form == 0) {
        send_page(by);
        return;
    }
    room_facts facts;
    if (auto const room = by.app.rooms.find(name->front())) {
        facts = room->facts();
    } else {
        facts.name = name->front();
        facts.last = by.app.rooms.beginning(name->front());
    }
    auto answer = http::json_response(200, encode::json(facts));
    http::add_field(answer.fields, "Vary", "Accept");
    by.client.send(answer);
}

void delete_room(call const& by) {
    auto const name = read_room(by);
    if (!name) {
        send(by.client, name.error());
        return;
    }
    if (!by.app.options.allow_delete) {
        send(by.client, bad_input{403, "deleting is off; the server's flag --allow-delete turns it on"});
        return;
    }
    by.app.rooms.drop(name->front(), by.shard());
    http::response done;
    done.status = 204;
    by.client.send(done);
}

void get_presence(call const& by) {
    auto const name = read_room(by);
    if (!name) {
        send(by.client, name.error());
        return;
    }
    std::string body = R"({"present":[)";
    for (auto const& each : by.app.people.list(name->front())) {
        body += R"({"as":)";
        encode::append_json_string(body, each.name);
        body += fmt::format(R"(,"since":{}}},)", each.since);
    }
    if (body.back() == ',')
        body.pop_back();
    auto const room = by.app.rooms.find(name->front());
    body += fmt::format(R"(],"subscribers":{}}})", room ? room->changes().waiting() : 0);
    by.client.send(http::json_response(200, std::move(body)));
}

void get_rooms(call const& by) {
    auto const limit = read_number(by.target(), "limit", 1, 1000, 100);
    if (!limit) {
        send(by.client, limit.error());
        return;
    }
    bool more = false;
    std::string body = R"({"rooms":[)";
    auto const found =
        by.app.rooms.list(by.target().get("prefix").value_or(""), by.target().get("after").value_or(""), *limit, more);
    for (auto const& facts : found) {
        body += encode::json(facts);
        body += ',';
    }
    if (!found.empty())
        body.pop_back();
    body += more ? R"(],"more":true})" : R"(],"more":false})";
    by.client.send(http::json_response(200, std::move(body)));
}

}  // namespace anteroom
