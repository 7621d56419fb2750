// GET and DELETE /room/{room}, GET /room/{room}/presence, GET /rooms: the list of rooms, and their state.
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/endpoints.hpp>
#include <anteroom/handlers/long_response.hpp>
#include <anteroom/http/accept.hpp>

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <memory>
#include <utility>

namespace anteroom {

namespace {

// How many rooms or names are looked at for one piece of a list.
constexpr std::size_t at_a_time = 256;

class present_names final : public body_source {
  public:
    present_names(context const& app, std::string_view room) : app_(app), room_(room) {}

    bool append_next(std::string& to) override {
        if (last_ == 0)
            to += R"({"present":[)";
        auto const found = app_.people.list_some(room_, last_, at_a_time);
        for (auto const& each : found) {
            to += last_ == 0 ? R"({"as":)" : R"(,{"as":)";
            encode::append_json_string(to, each.name);
            fmt::format_to(std::back_inserter(to), R"(,"since":{}}})", each.since);
            last_ = each.number;
        }
        if (found.size() == at_a_time)
            return true;
        auto const room = app_.rooms.find(room_);
        fmt::format_to(std::back_inserter(to), R"(],"subscribers":{}}})", room ? room->changes().waiting() : 0);
        return false;
    }

  private:
    context const& app_;
    std::string room_;
    std::uint64_t last_ = 0;  // the number of the last name
};

class rooms_in_use final : public body_source {
  public:
    rooms_in_use(hub& rooms, std::string_view prefix, std::string_view after, std::size_t limit)
        : rooms_(rooms), prefix_(prefix), after_(after), left_(limit) {}

    bool append_next(std::string& to) override {
        if (!begun_)
            to += R"({"rooms":[)";
        auto const size = to.size();
        auto found = rooms_.list_some(prefix_, after_, left_, at_a_time);
        for (auto const& facts : found.rooms) {
            to += first_ ? "" : ",";
            to += encode::json(facts);
            first_ = false;
        }
        left_ -= found.rooms.size();
        if (found.complete) {
            to += found.more ? R"(],"more":true})" : R"(],"more":false})";
            return false;
        }
        // White space, so that a piece is never empty.
        if (begun_ && to.size() == size)
            to += ' ';
        begun_ = true;
        after_ = std::move(found.continue_at);
        return true;
    }

  private:
    hub& rooms_;
    std::string prefix_;
    std::string after_;
    std::size_t left_;
    bool begun_ = false;
    bool first_ = true;
};

}  // namespace

void get_room(call const& by) {
    auto const name = read_room(by);
    if (!name) {
        if (!send_nothing_here(by))
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

awaitable<> get_presence(call by) {
    auto const name = read_room(by);
    if (!name) {
        send(by.client, name.error());
        return {};
    }
    return send_pieces(by, std::make_unique<present_names>(by.app, name->front()));
}

awaitable<> get_rooms(call by) {
    auto const limit = read_number(by.target(), "limit", 1, 1000, 100);
    if (!limit) {
        send(by.client, limit.error());
        return {};
    }
    auto const prefix = by.target().get("prefix").value_or("");
    auto const after = by.target().get("after").value_or("");
    return send_pieces(by, std::make_unique<rooms_in_use>(by.app.rooms, prefix, after, *limit));
}

}  // namespace anteroom
