// Parsing a subscription from a request.
#include <anteroom/base/text.hpp>
#include <anteroom/handlers/subscribing.hpp>
#include <anteroom/http/accept.hpp>
#include <anteroom/http/websocket_handshake.hpp>
#include <anteroom/room/composite_cursor.hpp>
#include <anteroom/room/room_name.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace anteroom {

namespace {

// In the order of form.
constexpr std::array<std::string_view, 4> media_types = {"text/plain", "application/json", "application/x-ndjson",
                                                         "text/event-stream"};
constexpr std::uint64_t max_limit = 1000;
constexpr std::uint64_t default_limit = 100;
constexpr std::size_t max_cursor = 15'000;
constexpr std::size_t max_room_cursor = 29;  // an epoch of 40 bits, and the longest number

// `wait=N`, else `Prefer: wait=N` (RFC 7240, 4.3), in seconds, which may have a fraction.
parsed<milliseconds> read_wait(call const& by, api_options const& options) {
    std::optional<std::string_view> text = by.target().get("wait");
    if (auto const prefer = by.request->get(http::header::prefer); !text && prefer) {
        for_each_element(*prefer, [&](std::string_view element) {
            auto const value = element.substr(0, element.find(';'));
            if (value.size() > 5 && iequals(value.substr(0, 5), "wait=") && parse_decimal(trim(value.substr(5))))
                text = trim(value.substr(5));
        });
    }
    if (!text)
        return options.poll_wait;
    auto const is_number = [](std::string_view digits) {
        return !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
    };
    auto const point = text->find('.');
    auto const whole = text->substr(0, point);
    std::uint64_t fraction = 0;
    bool valid = is_number(whole);
    if (point != text->npos) {
        auto const digits = text->substr(point + 1);
        valid = valid && is_number(digits) && digits.size() <= 3;
        for (std::size_t i = 0; valid && i < 3; ++i)
            fraction = fraction * 10 + (i < digits.size() ? static_cast<std::uint64_t>(digits[i] - '0') : 0);
    }
    if (!valid)
        return bad_input{400, "'wait' must be a number of seconds, 0 or more"};
    auto const most = static_cast<std::uint64_t>(options.poll_wait_max.count());
    std::uint64_t seconds = 0;
    for (char const digit : whole)
        seconds = std::min(most, seconds * 10 + static_cast<std::uint64_t>(digit - '0'));
    return milliseconds(std::min(most, seconds * 1000 + fraction));
}

parsed<form> read_form(http::request const& asked) {
    if (http::asks_for_websocket(asked))
        return form::websocket;
    auto const negotiated = http::negotiate(asked.get(http::header::accept), media_types);
    if (!negotiated)
        return bad_input{406,
                         "this answers as text/plain (one message, raw), application/json, application/x-ndjson or "
                         "text/event-stream; accept one of them, or upgrade to a WebSocket"};
    return static_cast<form>(*negotiated);
}

parsed<std::optional<cursor_set>> read_places(call const& by, bool several) {
    auto text = by.target().get("after");
    if (!text)
        text = by.request->get(http::header::last_event_id);
    if (!text)
        return std::optional<cursor_set>();
    auto at = cursor_set::parse(*text);
    if (!at)
        return bad_input{400, "'after' must be a cursor as the server gave it (a message's id, a 'next'), or 0"};
    if (auto const plain = at->plain(); several && plain && !plain->is_origin())
        return bad_input{400, "in several rooms 'after' must be a cursor of several (a 'next' from there), or 0"};
    return at;
}

parsed<std::string> read_client(http::target const& from) {
    auto const id = from.get("client");
    if (!id)
        return std::string();
    if (!is_client_made(*id))
        return bad_input{400, "'client' must be 1 to 128 visible ASCII characters"};
    return std::string(*id);
}

}  // namespace

void subscription::append_next(std::string& out) const {
    if (several)
        out += text->text();
    else
        append(out, rooms.position(0));
}

delta subscription::read(std::size_t most) {
    auto found = rooms.read(most);
    bool const began = from_origin;
    from_origin = false;
    if (began && several) {
        for (std::size_t i = 0; i < rooms.size(); ++i)
            text->set(i, rooms.position(i));
    }
    return found;
}

void subscription::settle_origin() {
    if (from_origin)
        read(1);
}

void subscription::advance(delta const& found, std::size_t count) {
    rooms.advance(found, count);
    if (!several)
        return;
    for (auto const& each : found.gaps)
        text->set(each.place, rooms.position(each.place));
    for (std::size_t i = 0; i < count; ++i)
        text->set(found.messages[i].place, rooms.position(found.messages[i].place));
}

parsed<subscription> read_subscription(call const& by) {
    auto const names = read_rooms(by);
    if (!names)
        return names.error();
    auto const as = read_form(*by.request);
    if (!as)
        return as.error();
    auto after = read_places(by, names->several);
    if (!after)
        return after.error();
    auto const wait = read_wait(by, by.app.options);
    if (!wait)
        return wait.error();
    auto const limit = read_number(by.target(), "limit", 1, max_limit, default_limit);
    if (!limit)
        return limit.error();
    auto name = read_name(by.target());
    if (!name)
        return name.error();
    auto const client = read_client(by.target());
    if (!client)
        return client.error();

    if ((!name->empty() || !client->empty()) && by.is_foreign())
        return foreign_page("be present or replace a subscriber here");

    parsed<subscription> made(std::in_place);
    auto& out = *made;
    out.several = names->several;
    out.rooms.reserve(names->all.size());
    for (auto const& room : names->all) {
        std::optional<cursor> at;
        if (*after)
            at = (*after)->plain() ? (*after)->plain() : (*after)->find(room);
        if (*after && !at && !names->several)
            return bad_input{400, "this cursor is one of other rooms; give one of this room, or 0"};
        auto place = by.app.rooms.find(room);
        if (!place && !by.app.rooms.may_open_more())
            return bad_input{503, "there are as many rooms as this server has memory for; come again later"};
        out.from_origin = out.from_origin || (at && at->is_origin());
        out.rooms.add(place ? std::move(place) : by.app.rooms.open(room), at);
    }
    if (out.several) {
        out.text = std::make_unique<composite_cursor>();
        for (std::size_t i = 0; i < out.rooms.size(); ++i)
            out.text->add(out.rooms.room_at(i).name(), out.rooms.position(i));
        // The cursor has to fit into the header of the next request, along with the other fields, whatever its numbers
        // become: what was given has to be taken.
        if (out.text->size_of_names() + max_room_cursor * out.rooms.size() > max_cursor)
            return bad_input{400, "the names of these rooms are too long for one cursor; ask for fewer at once"};
    }
    out.wait = *wait;
    out.as = *as;
    out.limit = out.as == form::raw ? std::uint16_t{1} : static_cast<std::uint16_t>(*limit);
    if (!name->empty() || !client->empty())
        out.who = std::make_unique<attendee>();
    if (!name->empty()) {
        for (auto const& room : names->all) {
            // Subscribers to presence events are not present themselves.
            if (!is_presence_room(room))
                out.who->stays.push_back(by.app.people.enter(room, *name, by.shard()));
        }
        out.who->as = std::move(*name);
    }
    if (!client->empty())
        out.who->exclusive = by.app.clients.take(*names, *client, by.client);
    return made;
}

}  // namespace anteroom
