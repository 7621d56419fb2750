#include <anteroom/base/text.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/publishing.hpp>
#include <anteroom/room/room_name.hpp>

#include <algorithm>

namespace anteroom {

namespace {

std::vector<std::string_view> views(std::vector<std::string> const& of) {
    return {of.begin(), of.end()};
}

std::string as_duplicate(std::string receipt) {
    receipt.back() = ',';
    return receipt.append(R"("duplicate":true})");
}

}  // namespace

void send(http::session& client, published const& done) {
    if (done.status == 201) {
        client.send(http::json_response(done.status, done.text));
        return;
    }
    auto answer = http::problem(done.status, done.text);
    if (done.status == 503)
        http::add_field(answer.fields, "Retry-After", "1");
    client.send(answer);
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

std::optional<bad_input> refused_room(std::span<std::string_view const> rooms) {
    if (std::none_of(rooms.begin(), rooms.end(), is_presence_room))
        return std::nullopt;
    return bad_input{403, "a room of joins and leaves is published by the server alone"};
}

std::optional<published> api::publish(to_publish& what, shard& here) {
    auto const rooms = views(what.rooms);
    idempotency_window::entry_ptr first;
    if (!what.key.empty()) {
        auto found = keys_.begin(rooms, what.key);
        if (found.is == idempotency_window::standing::under_way)
            return std::nullopt;
        if (found.is == idempotency_window::standing::answered)
            return published{201, as_duplicate(std::move(found.answer))};
        first = std::move(found.what);
    }
    auto added = rooms_.append(rooms, std::move(what.what));
    if (!added) {
        if (first)
            keys_.give_up(first, here);
        return published{503, "the messages that are kept take all the memory that they may; try again later"};
    }
    auto receipt =
        encode::json(added->announce(here), what.batch, what.several ? rooms : std::vector<std::string_view>());
    if (first)
        keys_.answer(first, receipt, here);
    return published{201, std::move(receipt)};
}

task<published> api::publish_after_others(to_publish what, shard& here) {
    for (;;) {
        auto const seen = keys_.changes().now();
        auto done = publish(what, here);
        if (done)
            co_return std::move(*done);
        co_await keys_.changes().async_wait(here, seen, asio::deferred);
    }
}

}  // namespace anteroom
