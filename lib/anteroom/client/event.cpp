#include <anteroom/client/event.hpp>
#include <anteroom/client/json_reader.hpp>

namespace anteroom::client {

namespace {

bool take_string(std::string_view value, std::string& into) {
    auto text = json_string(value);
    if (text)
        into = std::move(*text);
    return text.has_value();
}

bool read_member(std::string_view name, std::string_view value, message& into) {
    if (name == "room")
        return take_string(value, into.room);
    if (name == "id")
        return take_string(value, into.id);
    if (name == "from")
        return take_string(value, into.from);
    if (name == "time") {
        auto const time = json_number(value);
        into.time = time.value_or(0);
        return time.has_value();
    }
    if (name == "data") {
        if (value.starts_with('"'))
            return take_string(value, into.data);
        into.kind = content::json;
        into.data = value;
        return is_json(value);
    }
    return true;
}

template <class Each>
bool read_array(std::string_view text, Each&& each) {
    json_walk walk(text);
    if (!walk.enter('['))
        return false;
    while (walk.next()) {
        if (!each(walk.value()))
            return false;
    }
    return walk.complete();
}

}  // namespace

bool read_message(std::string_view text, message& into) {
    bool has_data = false;
    json_walk walk(text);
    if (!walk.enter('{'))
        return false;
    while (walk.next()) {
        has_data = has_data || walk.name() == "data";
        if (!read_member(walk.name(), walk.value(), into))
            return false;
    }
    return walk.complete() && has_data && !into.id.empty();
}

bool read_gap(std::string_view text, gap& into) {
    json_walk walk(text);
    if (!walk.enter('{'))
        return false;
    while (walk.next()) {
        if (walk.name() == "room" && !take_string(walk.value(), into.room))
            return false;
        if (walk.name() == "reason" && !take_string(walk.value(), into.reason))
            return false;
        if (walk.name() == "missed") {
            if (auto const missed = json_number(walk.value()))
                into.missed = static_cast<std::uint64_t>(*missed);
        }
    }
    return walk.complete() && !into.reason.empty();
}

bool read_poll(std::string_view body, poll_page& into) {
    std::vector<item> messages;
    item last;
    bool taken_over = false;
    json_walk walk(body);
    if (!walk.enter('{'))
        return false;
    while (walk.next()) {
        bool fine = true;
        if (walk.name() == "messages") {
            fine = read_array(walk.value(), [&](std::string_view each) {
                return read_message(each, messages.emplace_back().what.emplace<message>());
            });
        } else if (walk.name() == "gaps") {
            fine = read_array(walk.value(), [&](std::string_view each) {
                return read_gap(each, into.items.emplace_back().what.emplace<gap>());
            });
        } else if (walk.name() == "next") {
            fine = take_string(walk.value(), last.next);
        } else if (walk.name() == "superseded") {
            taken_over = walk.value() == "true";
        } else if (walk.name() == "draining") {
            into.draining = walk.value() == "true";
        }
        if (!fine)
            return false;
    }
    if (!walk.complete() || last.next.empty())
        return false;
    for (auto& each : messages)
        into.items.push_back(std::move(each));
    into.items.push_back(std::move(last));
    if (taken_over)
        into.items.push_back({superseded{}, {}});
    return true;
}

bool read_line(std::string_view line, std::vector<item>& into) {
    if (line.find_first_not_of(" \t\r\n") == line.npos)
        return true;
    json_walk walk(line);
    if (!walk.enter('{'))
        return false;
    item out;
    bool is_message = false;
    bool known = false;
    while (walk.next()) {
        if (walk.name() == "gap") {
            known = read_gap(walk.value(), out.what.emplace<gap>());
            if (!known)
                return false;
        } else if (walk.name() == "superseded") {
            known = true;
            out.what = superseded{};
        } else if (walk.name() == "next") {
            if (!take_string(walk.value(), out.next))
                return false;
        } else if (walk.name() == "data") {
            is_message = true;
        }
    }
    if (!walk.complete())
        return false;
    if (is_message) {
        if (!read_message(line, out.what.emplace<message>()))
            return false;
        out.next.clear();
        known = true;
    }
    if (known || !out.next.empty())
        into.push_back(std::move(out));
    return true;
}

}  // namespace anteroom::client
