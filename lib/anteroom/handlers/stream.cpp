// GET /room/{room}/subscribe as NDJSON and as SSE: one answer that goes on.
#include <anteroom/handlers/jitter.hpp>
#include <anteroom/handlers/stream_frames.hpp>

namespace anteroom {

namespace {

constexpr int retry_after_failure = 2000;  // ms

}  // namespace

// The same loop as that of a poll, but that an answer is not the end of it. There is no queue: what the socket does not
// take is looked for again, from the place where this reader is, when it has room.
task<void> api::stream(http::session& client, std::unique_ptr<subscription> asked) {
    stream_writer out(client, *asked);
    for (int turn = 0; !asked->superseded();) {
        bool const told = out.tell_news();
        if (client.has_unsent() || client.failed()) {
            bool const sent = co_await client.sent();
            if (!sent)
                co_return;
        } else if (told) {
            rooms_.keep_to_budget();
            if (++turn % turns_in_a_row == 0)
                co_await client.let_others_go();
        } else if (client.draining()) {
            // Not before: what was published while this reader waited is said.
            break;
        } else {
            client.interrupt_after(options_.keep_alive);
            if (client.interrupted() == http::interruption::none)
                co_await asked->rooms.async_listen(client.home(), out, client.interruptible());
            if (client.interrupted() == http::interruption::hung_up)
                co_return;
            if (client.interrupted() == http::interruption::timed_out)
                out.keep_alive();
        }
    }
    if (asked->superseded())
        out.tell_superseded();
    else
        out.tell_retry(jitter(1000, 5000));
    client.end_stream();
}

task<void> api::begin_stream(http::session& client, subscription asked) {
    std::string fields =
        asked.as == form::sse ? "Content-Type: text/event-stream\r\n" : "Content-Type: application/x-ndjson\r\n";
    asked.settle_origin();
    http::add_field(fields, "Last-Event-ID", asked.next());
    fields += "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n";
    client.begin_stream(fields);
    auto kept = std::make_unique<subscription>(std::move(asked));
    stream_writer(client, *kept).tell_retry(retry_after_failure);
    return stream(client, std::move(kept));
}

}  // namespace anteroom
