#include <anteroom/client/event.hpp>
#include <anteroom/client/json_reader.hpp>

namespace anteroom::client {

namespace {

bool parse_string(std::string_view value, std::string& into) {
    auto text = json_string(value);
    if (text)
        into = std::move(*text);
    return text.has_value();
}

bool parse_member(std::string_view name, std::string_view value, message& into) {
    if (name == "room")
        return parse_string(value, into.room);
    if (name == "id")
        return parse_string(value, into.id);
    if (name == "from")
        return parse_string(value, into.from);
    if (name == "time") {
        auto const time = json_number(value);
        into.time = time.value_or(0);
        return time.has_value();
    }
    if (name == "data") {
        if (value.starts_with('"'))
            return parse_string(value, into.data);
        into.kind = content::json;
        into.data = value;
        return is_json(value);
    }
    return true;
}

template <class Each>
bool parse_array(std::string_view text, Each&& each) {
    json_reader reader(text);
    if (!reader.enter('['))
        return false;
    while (reader.next()) {
        if (!each(reader.value()))
            return false;
    }
    return reader.complete();
}

}  // namespace

bool parse_message(std::string_view text, message& into) {
    bool has_data = false;
    json_reader reader(text);
    if (!reader.enter('{'))
        return false;
    while (reader.next()) {
        has_data = has_data || reader.name() == "data";
        if (!parse_member(reader.name(), reader.value(), into))
            return false;
    }
    return reader.complete() && has_data && !into.id.empty();
}

bool parse_gap(std::string_view text, gap& into) {
    json_reader reader(text);
    if (!reader.enter('{'))
        return false;
    while (reader.next()) {
        if (reader.name() == "room" && !parse_string(reader.value(), into.room))
            return false;
        if (reader.name() == "reason" && !parse_string(reader.value(), into.reason))
            return false;
        if (reader.name() == "missed") {
            if (auto const missed = json_number(reader.value()))
                into.missed = static_cast<std::uint64_t>(*missed);
        }
    }
    return reader.complete() && !into.reason.empty();
}

bool parse_poll_response(std::string_view body, poll_response& into) {
    std::vector<event> messages;
    event last;
    bool taken_over = false;
    json_reader reader(body);
    if (!reader.enter('{'))
        return false;
    while (reader.next()) {
        bool fine = true;
        if (reader.name() == "messages") {
            fine = parse_array(reader.value(), [&](std::string_view each) {
                return parse_message(each, messages.emplace_back().what.emplace<message>());
            });
        } else if (reader.name() == "gaps") {
            fine = parse_array(reader.value(), [&](std::string_view each) {
                return parse_gap(each, into.events.emplace_back().what.emplace<gap>());
            });
        } else if (reader.name() == "next") {
            fine = parse_string(reader.value(), last.next);
        } else if (reader.name() == "superseded") {
            taken_over = reader.value() == "true";
        } else if (reader.name() == "draining") {
            into.draining = reader.value() == "true";
        }
        if (!fine)
            return false;
    }
    if (!reader.complete() || last.next.empty())
        return false;
    for (auto& each : messages)
        into.events.push_back(std::move(each));
    into.events.push_back(std::move(last));
    if (taken_over)
        into.events.push_back({superseded{}, {}});
    return true;
}

bool parse_line(std::string_view line, std::vector<event>& into) {
    if (line.find_first_not_of(" \t\r\n") == line.npos)
        return true;
    json_reader reader(line);
    if (!reader.enter('{'))
        return false;
    event out;
    bool is_message = false;
    bool known = false;
    while (reader.next()) {
        if (reader.name() == "gap") {
            known = parse_gap(reader.value(), out.what.emplace<gap>());
            if (!known)
                return false;
        } else if (reader.name() == "superseded") {
            known = true;
            out.what = superseded{};
        } else if (reader.name() == "next") {
            if (!parse_string(reader.value(), out.next))
                return false;
        } else if (reader.name() == "data") {
            is_message = true;
        }
    }
    if (!reader.complete())
        return false;
    if (is_message) {
        if (!parse_message(line, out.what.emplace<message>()))
            return false;
        out.next.clear();
        known = true;
    }
    if (known || !out.next.empty())
        into.push_back(std::move(out));
    return true;
}

}  // namespace anteroom::client
