// anteroom's own forms (docs/protocol.md), read by looking for what is expected: the generator has to be leaner than a
// JSON parser, and its messages have nothing to escape.
#include <anteroom/bench/dialect.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace anteroom::bench {

namespace {

constexpr std::string_view data_label = R"("data":")";

// What follows `label` in a JSON text, up to the next quote.
std::string_view quoted_after(std::string_view json, std::string_view label) {
    auto const at = json.find(label);
    if (at == std::string_view::npos)
        return {};
    auto const text = json.substr(at + label.size());
    return text.substr(0, text.find('"'));
}

subscriber_event json_gap(std::string_view json) {
    constexpr std::string_view label = "\"missed\":";
    subscriber_event out;
    out.type = subscriber_event::kind::gap;
    if (auto const at = json.find(label); at != std::string_view::npos) {
        auto const* const first = json.data() + at + label.size();
        out.gap.counted = std::from_chars(first, json.data() + json.size(), out.gap.missed).ec == std::errc();
    }
    out.gap.room = quoted_after(json, R"("room":")");
    return out;
}

// The data stands at the end, so where its size is known it need not be looked for.
std::string_view data_of(std::string_view json, std::size_t size) {
    constexpr std::string_view end = "\"}";
    if (auto const tail = size + end.size(); json.size() > tail + data_label.size() && json.ends_with(end)) {
        auto const at = json.size() - tail;
        if (json.substr(at - data_label.size(), data_label.size()) == data_label)
            return json.substr(at, size);
    }
    return quoted_after(json, data_label);
}

subscriber_event json_message(std::string_view json, std::size_t size) {
    constexpr std::string_view room_label = R"({"room":")";
    subscriber_event out;
    bool const names_room = json.starts_with(room_label);
    bool const sound = (names_room || json.starts_with(R"({"id":")")) && json.ends_with('}');
    out.type = sound ? subscriber_event::kind::message : subscriber_event::kind::refused;
    out.body = sound ? data_of(json, size) : json;
    if (names_room)
        out.room = quoted_after(json, room_label);
    return out;
}

// Passes each object of the list that follows `label`, if there is one, to `read`. None contains another object.
template <class Read>
void each_object(std::string_view json, std::string_view label, Read read) {
    auto at = json.find(label);
    if (at == std::string_view::npos)
        return;
    for (at += label.size(); at < json.size() && json[at] != ']';) {
        auto const end = json.find('}', at);
        if (end == std::string_view::npos)
            return;
        read(json.substr(at, end + 1 - at));
        at = end + 1;
        at += at < json.size() && json[at] == ',' ? 1 : 0;
    }
}

class anteroom_dialect final : public dialect {
  public:
    anteroom_dialect(load_options const& options, std::string_view host)
        : dialect(options, host, options.transport == transport_kind::batch ? "application/json" : "*/*"),
          body_bytes_(options.body_bytes) {
        auto const polls = options.transport == transport_kind::poll || options.transport == transport_kind::batch;
        if (polls && options.wait > 0)
            query_ += fmt::format("&wait={}", options.wait);
        if (options.transport == transport_kind::batch)
            query_ += "&limit=1000";
    }

    subscription_start start(std::vector<std::string_view> const& rooms, bool from_oldest) const override {
        if (rooms.size() == 1)
            return {fmt::format("/room/{}/subscribe", rooms.front()), from_oldest ? "0" : ""};
        subscription_start out{fmt::format("/subscribe?room={}", fmt::join(rooms, "&room=")), ""};
        for (std::size_t i = 0; from_oldest && i < rooms.size(); ++i)
            out.cursor.append(i == 0 ? "Last-Event-ID: " : ",").append(rooms[i]).append("@0");
        out.cursor += from_oldest ? "\r\n" : "";
        return out;
    }

    void subscribe(std::string& out, std::string_view target, std::string_view cursor) const override {
        out.append("GET ").append(target);
        if (several()) {  // the cursor of many rooms is too long for the request line
            out.append(query_).append(fields()).append(cursor).append("\r\n");
            return;
        }
        if (!cursor.empty())
            out.append("?after=").append(cursor).append(query_);
        else if (!query_.empty())
            out.append("?").append(query_, 1);
        out.append(fields()).append("\r\n");
    }

    void update_cursor(answer const& from, std::string& cursor) const override {
        if (several() && !from.last_event_id.empty())
            cursor.assign("Last-Event-ID: ").append(from.last_event_id).append("\r\n");
        else
            cursor.assign(from.last_event_id);
    }

    poll_outcome classify(answer const& polled) const override {
        if (polled.status == 200)
            return poll_outcome::message;  // of JSON perhaps with no message in it
        return polled.status == 204 ? poll_outcome::nothing : poll_outcome::refused;
    }

    void read(answer const& polled, event_sink const& to) const override {
        if (transport() == transport_kind::batch) {
            // The gaps come first, though they stand behind the messages.
            auto const tail = polled.body.rfind(R"(],"next":)");
            each_object(polled.body.substr(std::min(tail, polled.body.size())), R"("gaps":[)",
                        [&](std::string_view json) { to(json_gap(json)); });
            each_object(polled.body, R"("messages":[)",
                        [&](std::string_view json) { to(json_message(json, body_bytes_)); });
            return;
        }
        if (!polled.gap.empty()) {
            subscriber_event gap;
            gap.type = subscriber_event::kind::gap;
            gap.gap = read_gap(polled.gap);
            to(gap);
        }
        dialect::read(polled, to);
    }

    subscriber_event read(sse_event const& event) const override {
        if (event.name == "gap")
            return json_gap(event.data);
        subscriber_event out;
        if (!event.name.empty() && event.name != "message") {
            out.type = subscriber_event::kind::refused;
            out.body = event.name;
        } else if (event.data.data() != nullptr && event.id.empty()) {
            out.type = subscriber_event::kind::refused;
            out.body = "a message without a cursor";
        } else if (event.data.data() != nullptr) {
            out = json_message(event.data, body_bytes_);
        }
        return out;
    }

    subscriber_event read(std::string_view message) const override {
        return message.starts_with(R"({"gap":)") ? json_gap(message) : json_message(message, body_bytes_);
    }

  private:
    std::string publish_target(std::string_view room) const override { return fmt::format("/room/{}/publish", room); }

    std::size_t body_bytes_;
    std::string query_;  // after the cursor, each parameter with its '&'
};

}  // namespace

std::unique_ptr<dialect> make_anteroom_dialect(load_options const& options, std::string_view host) {
    return std::make_unique<anteroom_dialect>(options, host);
}

}  // namespace anteroom::bench
