// GET /metrics: the server's metrics, in the Prometheus text format.
#include <anteroom/base/log.hpp>
#include <anteroom/handlers/endpoints.hpp>

#include <fmt/format.h>

#include <iterator>

namespace anteroom {

namespace {

void add(std::string& out, std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
    fmt::format_to(std::back_inserter(out), "# HELP anteroom_{0} {1}\n# TYPE anteroom_{0} {2}\nanteroom_{0} {3}\n",
                   name, help, type, value);
}

}  // namespace

void get_metrics(call const& by) {
    auto const sum = [&](counter what) {
        std::uint64_t all = 0;
        for (auto const* each : by.app.shards)
            all += each->counted().get(what);
        return all;
    };
    auto const rooms = by.app.rooms.totals();
    std::string out;
    by.client.charge(3);
    add(out, "connections", "gauge", "Connections that are open.",
        sum(counter::connections_opened) - sum(counter::connections_closed));
    add(out, "connections_total", "counter", "Connections that were opened.", sum(counter::connections_opened));
    out +=
        "# HELP anteroom_answers_total Requests that were answered, by class of status.\n"
        "# TYPE anteroom_answers_total counter\n";
    fmt::format_to(std::back_inserter(out),
                   "anteroom_answers_total{{code=\"2xx\"}} {}\nanteroom_answers_total{{code=\"4xx\"}} {}\n"
                   "anteroom_answers_total{{code=\"5xx\"}} {}\n",
                   sum(counter::answers_2xx), sum(counter::answers_4xx), sum(counter::answers_5xx));
    add(out, "streams_total", "counter", "Streams and WebSockets that were begun.", sum(counter::streams));
    add(out, "rooms", "gauge", "Rooms in use.", rooms.rooms);
    add(out, "subscribers", "gauge", "Polls and streams that wait, counted in each of their rooms.", rooms.subscribers);
    add(out, "names", "gauge", "Names that are present, counted in each of their rooms.", by.app.people.names());
    add(out, "names_bytes", "gauge", "What names take of the budget.", by.app.people.bytes());
    add(out, "messages", "gauge", "Messages that are kept.", rooms.messages);
    add(out, "memory_bytes", "gauge", "What messages, rooms, names, keys and connections take of the budget.",
        by.app.rooms.memory_used());
    add(out, "rooms_bytes", "gauge", "What rooms take of the budget, without their messages.",
        by.app.rooms.meter().in_rooms());
    add(out, "keys_bytes", "gauge", "What remembered responses to publishes with a key take of the budget.",
        by.app.keys.bytes());
    add(out, "held_bytes", "gauge",
        "What connections hold of that while they wait: parts of requests, unsent output, sets of rooms.",
        sum(counter::held_bytes));
    add(out, "made_way_total", "counter", "Connections that were ended or gave up memory that others needed.",
        sum(counter::made_way));
    add(out, "memory_limit_bytes", "gauge", "The budget (--memory).", by.app.rooms.memory_limit());
    add(out, "messages_published_total", "counter", "Messages that were published, joins and leaves among them.",
        by.app.rooms.published());
    add(out, "messages_sent_total", "counter", "Messages that were sent to subscribers.", sum(counter::messages_sent));
    add(out, "gaps_told_total", "counter", "Gaps reported to subscribers.", sum(counter::gaps_reported));
    add(out, "log_lines_dropped_total", "counter", "Lines of the log that could not be written in time.",
        log::dropped());

    http::response answer;
    http::add_field(answer.fields, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    http::add_field(answer.fields, "Cache-Control", "no-store");
    answer.fields += http::not_embedded_fields;
    answer.body = std::move(out);
    by.client.send(answer);
}

}  // namespace anteroom
