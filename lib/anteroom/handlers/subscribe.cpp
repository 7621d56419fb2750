// GET /room/{room}/subscribe: long polling.
#include <anteroom/base/text.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/encode/raw.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/http/accept.hpp>
#include <anteroom/room/hub.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>

namespace anteroom {

namespace {

enum class form { raw, json };
constexpr std::array<std::string_view, 2> media_types = {"text/plain", "application/json"};

constexpr std::uint64_t max_limit = 1000;
constexpr std::uint64_t default_limit = 100;

/// What a poll asks for, and all of it that is kept while it waits.
struct poll {
    room_lease room;
    cursor after;
    milliseconds wait{};
    std::uint16_t limit = 1;
    form as = form::raw;
};

// `wait=N`, else `Prefer: wait=N` (RFC 7240, 4.3), in seconds; parts of a second may be asked for.
parsed<milliseconds> read_wait(call const& by, api_options const& options) {
    std::optional<std::string_view> text = by.target.get("wait");
    if (auto const prefer = by.request.get(http::header::prefer); !text && prefer) {
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

parsed<poll> read_poll(call const& by, hub& rooms, api_options const& options) {
    auto const name = read_room(by);
    if (!name)
        return name.error();
    auto const negotiated = http::negotiate(by.request.get(http::header::accept), media_types);
    if (!negotiated)
        return bad_input{406, "this answers as text/plain (one message, raw) or application/json; accept one of them"};
    auto text = by.target.get("after");
    if (!text)
        text = by.request.get(http::header::last_event_id);
    auto const after = read_cursor("after", text);
    if (!after)
        return after.error();
    auto const wait = read_wait(by, options);
    if (!wait)
        return wait.error();
    auto const limit = read_number(by.target, "limit", 1, max_limit, default_limit);
    if (!limit)
        return limit.error();

    poll out;
    out.room = rooms.open(*name);
    out.after = *after ? **after : out.room->end();
    out.wait = *wait;
    out.as = static_cast<form>(*negotiated);
    out.limit = out.as == form::raw ? std::uint16_t{1} : static_cast<std::uint16_t>(*limit);
    return out;
}

void send_raw(http::session& client, batch const& found, std::string fields = {}) {
    if (found.missed)
        http::add_field(fields, "Gap", encode::gap_field(*found.missed));
    if (found.messages.empty()) {
        http::response nothing;
        nothing.status = 204;
        nothing.fields = std::move(fields);
        http::add_field(nothing.fields, "Last-Event-ID", to_string(found.next));
        http::add_field(nothing.fields, "Cache-Control", "no-store");
        client.send(nothing);
        return;
    }
    auto const& only = found.messages.front();
    // The head is short: copying it where a socket is full is cheaper than counting its owner everywhere else.
    std::array<http::part, 3> parts{http::part{}, http::part{encode::raw_head(*only)}, http::part{only->data(), only}};
    client.send(fields, parts);
}

// Looks for something to tell, and tells it; says whether there was something.
bool answer_if_any(http::session& client, poll const& asked) {
    auto const found = asked.room->read(asked.after, asked.limit);
    if (found.empty())
        return false;
    if (asked.as == form::raw)
        send_raw(client, found);
    else
        send_list(client, found, asked.room->name(), {}, {});
    return true;
}

// Nothing came in time, or the server is going: in that case the client is told to come again, but not all at once.
void answer_nothing(http::session& client, poll const& asked) {
    batch nothing;
    nothing.next = asked.after.is_origin() ? cursor{asked.room->end().epoch, 0} : asked.after;
    if (!client.draining()) {
        if (asked.as == form::raw)
            send_raw(client, nothing);
        else
            send_list(client, nothing, asked.room->name(), {}, {});
        return;
    }
    static thread_local std::minstd_rand random(std::random_device{}());
    std::string fields;
    http::add_field(fields, "Retry-After", std::to_string(std::uniform_int_distribution(1, 5)(random)));
    if (asked.as == form::json) {
        send_list(client, nothing, asked.room->name(), fields, R"(,"draining":true)");
        return;
    }
    send_raw(client, nothing, std::move(fields));
}

/// The idea of the whole server: look from one's own cursor, and if there is nothing, wait until the room changes.
task<void> long_poll(http::session& client, poll asked, channel::ticket seen) {
    auto& changes = asked.room->changes();
    client.interrupt_after(asked.wait);
    while (client.interrupted() == http::interruption::none) {
        co_await changes.async_wait(client.home(), seen, client.interruptible());
        seen = changes.now();
        if (client.interrupted() != http::interruption::hung_up && answer_if_any(client, asked))
            co_return;
    }
    if (client.interrupted() != http::interruption::hung_up)
        answer_nothing(client, asked);
}

}  // namespace

task<void> api::get_subscribe(call const& by) {
    auto asked = read_poll(by, rooms_, options_);
    if (!asked) {
        send(by.client, asked.error());
        return {};
    }
    // A poll that has something to get is answered without a coroutine.
    auto const seen = asked->room->changes().now();
    if (answer_if_any(by.client, *asked)) {
        rooms_.keep_to_budget();
        return {};
    }
    if (asked->wait == milliseconds(0) || by.client.draining()) {
        answer_nothing(by.client, *asked);
        return {};
    }
    return long_poll(by.client, std::move(*asked), seen);
}

}  // namespace anteroom
