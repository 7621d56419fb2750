// GET /room/{room}/subscribe as NDJSON and as SSE: a response that does not end.
#include <anteroom/handlers/jitter.hpp>
#include <anteroom/handlers/stream_frames.hpp>
#include <anteroom/handlers/subscribing.hpp>

namespace anteroom {

namespace {

constexpr int retry_after_failure = 2000;  // ms

// The same loop as for a poll, except that a response does not end it. There is no queue: what the connection does not
// accept is read again, from this subscriber's cursor, when there is space.
awaitable<> stream(caller to, std::unique_ptr<subscription> asked) {
    auto& client = to.client;
    stream_writer out(client, *asked);
    client.hold(asked->memory());
    for (int turn = 0; !asked->superseded();) {
        bool const written = out.write_delta();
        if (client.has_unsent() || client.failed()) {
            bool const sent = co_await client.sent();
            if (!sent)
                co_return;
        } else if (written) {
            to.app.rooms.keep_to_budget();
            if (++turn % turns_in_a_row == 0)
                co_await client.yield();
        } else if (client.draining()) {
            // Not earlier: messages that were published while this subscriber waited are written first.
            break;
        } else {
            client.stop_after(to.app.options.keep_alive);
            if (client.stopped() == http::stop_reason::none)
                co_await asked->rooms.async_listen(to.shard(), out, client.stoppable());
            if (client.stopped() == http::stop_reason::hung_up)
                co_return;
            if (client.stopped() == http::stop_reason::timed_out)
                out.keep_alive();
            else if (client.stopped() == http::stop_reason::cancelled)
                break;  // superseded, or others need the memory
        }
    }
    if (asked->superseded())
        out.write_superseded();
    else
        out.write_retry(jitter(1000, 5000));
    client.end_stream();
}

}  // namespace

awaitable<> begin_stream(caller to, subscription asked) {
    std::string fields =
        asked.as == form::sse ? "Content-Type: text/event-stream\r\n" : "Content-Type: application/x-ndjson\r\n";
    asked.settle_origin();
    http::add_field(fields, "Last-Event-ID", asked.next());
    fields += "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n";
    fields += http::not_embedded_fields;
    to.client.begin_stream(fields);
    auto kept = std::make_unique<subscription>(std::move(asked));
    stream_writer(to.client, *kept).write_retry(retry_after_failure);
    return stream(to, std::move(kept));
}

}  // namespace anteroom
