#include <anteroom/handlers/long_response.hpp>
#include <anteroom/handlers/stream_frames.hpp>

#include <utility>

namespace anteroom {

namespace {

awaitable<> send_others(caller to, std::unique_ptr<body_source> from, std::string piece) {
    auto& client = to.client;
    for (bool more = true;;) {
        // What the connection does not take is a copy, and all that is held while it waits.
        write_chunk(client, std::exchange(piece, {}));
        bool const sent = co_await client.sent();
        if (!sent)
            co_return;
        if (!more)
            break;
        co_await client.yield();
        more = from->append_next(piece);
    }
    client.end_stream();
}

}  // namespace

awaitable<> send_pieces(call const& by, std::unique_ptr<body_source> from) {
    std::string piece;
    by.client.charge(10);
    if (!from->append_next(piece)) {
        by.client.send(http::json_response(200, std::move(piece)));
        return {};
    }
    by.client.begin_body(http::json_fields);
    if (by.request->method == http::verb::head)
        return {};
    return send_others({by.app, by.client}, std::move(from), std::move(piece));
}

}  // namespace anteroom
