#include "conversation.hpp"

#include "terminal_text.hpp"
#include "vocabulary.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/client/json_reader.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iterator>

namespace anteroom {

namespace {

constexpr std::size_t most_recent = 500;  // messages that a reaction can be shown with

// After a new name the leave of the old one comes when the presence lease ends: 10 seconds, unless the server is set
// otherwise, which it does not say. An event that never comes must not hide a later one for ever.
constexpr std::chrono::minutes longest_lease(1);

std::tm local_time(std::time_t seconds) {
    std::tm out{};
    ::localtime_r(&seconds, &out);
    return out;
}

std::string clock_time(std::int64_t unix_ms, std::chrono::system_clock::time_point now) {
    auto const then = local_time(static_cast<std::time_t>(unix_ms / 1000));
    auto const today = local_time(std::chrono::system_clock::to_time_t(now));
    if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday)
        return fmt::format("{:%H:%M:%S}", then);
    return fmt::format("{:%Y-%m-%d %H:%M:%S}", then);
}

// Names stand among other text on a line.
std::string name_of(std::string_view from) {
    return from.empty() ? std::string("somebody") : for_terminal(one_line(from));
}

std::string text_of(client::message const& of, meaning const& what) {
    static constexpr std::string_view indent = "    ";
    if (what.what != meaning::kind::reply)
        return for_terminal(of.data, indent);
    auto const quote = fmt::format("> {}: {}", name_of(what.quoted_from), for_terminal(what.quoted));
    return quote + "\n" + std::string(indent) + for_terminal(what.text, indent);
}

}  // namespace

void conversation::expect_rename(std::string const& was, std::string const& as, time_point now) {
    std::erase_if(expected_, [now](auto const& each) { return each.second <= now; });
    // Who takes a name back before its lease has ended has neither left nor joined.
    expected_.erase("leave " + as);
    if (present_.contains(was))
        expected_["leave " + was] = now + longest_lease;
    if (!present_.contains(as))
        expected_["join " + as] = now + longest_lease;
}

bool conversation::take_expected(std::string const& what, time_point now) {
    auto const found = expected_.find(what);
    if (found == expected_.end())
        return false;
    bool const in_time = now < found->second;
    expected_.erase(found);
    return in_time;
}

void conversation::rename(std::string me, time_point now) {
    expect_rename(me_, me, now);
    me_ = std::move(me);
}

void conversation::remember(client::message const& of) {
    auto const what = meaning_of(of);
    if (what.what != meaning::kind::content && what.what != meaning::kind::reply)
        return;
    auto const& text = what.what == meaning::kind::reply ? what.text : of.data;
    recent_.push_back({of.id, fmt::format("{}: {}", name_of(of.from), for_terminal(one_line(text)))});
    if (recent_.size() > most_recent)
        recent_.pop_front();
}

std::string conversation::describe(std::string const& id) const {
    auto const found = std::ranges::find(recent_, id, &said::id);
    return found == recent_.end() ? std::string("an earlier message") : found->line;
}

std::string conversation::show_old(client::message const& of, std::chrono::system_clock::time_point now) {
    auto const what = meaning_of(of);
    switch (what.what) {
        case meaning::kind::typing:
            return {};
        case meaning::kind::renamed:
            return fmt::format("* {} is now {}", name_of(what.was), name_of(of.from));
        case meaning::kind::reaction:
            return fmt::format("* {} {} {} {} {}", name_of(of.from), what.is_removed ? "took back" : "reacted with",
                               for_terminal(what.emoji), what.is_removed ? "from" : "to", describe(what.to));
        default:
            break;
    }
    remember(of);
    return fmt::format("[{}] {}: {}", clock_time(of.time, now), name_of(of.from), text_of(of, what));
}

std::string conversation::show(client::message const& of, std::chrono::system_clock::time_point now) {
    if (auto const what = meaning_of(of); what.what == meaning::kind::renamed)
        expect_rename(what.was, of.from, now);
    else
        expected_.erase("leave " + of.from);  // who writes under a name has it again
    return show_old(of, now);
}

std::string conversation::show_presence(client::message const& of, time_point now) {
    std::string event;
    std::string name;
    client::json_reader reader(of.data);
    reader.enter('{');
    while (reader.next()) {
        if (reader.name() == "event")
            event = client::json_string(reader.value()).value_or("");
        if (reader.name() == "as")
            name = client::json_string(reader.value()).value_or("");
    }
    if (event == "join")
        present_.insert(name);
    else if (event == "leave")
        present_.erase(name);
    else
        return {};
    if (take_expected(event + " " + name, now) || name == me_)
        return {};
    return fmt::format("* {} {}", name_of(name), event == "join" ? "is here" : "left");
}

bool conversation::reset_present(std::string_view json) {
    std::set<std::string> names;
    std::int64_t subscribers = 0;
    client::json_reader reader(json);
    if (!reader.enter('{'))
        return false;
    while (reader.next()) {
        if (reader.name() == "subscribers")
            subscribers = client::json_number(reader.value()).value_or(0);
        if (reader.name() != "present")
            continue;
        client::json_reader present(reader.value());
        present.enter('[');
        while (present.next()) {
            client::json_reader one(present.value());
            one.enter('{');
            while (one.next()) {
                if (one.name() == "as")
                    names.insert(client::json_string(one.value()).value_or(""));
            }
        }
    }
    if (!reader.complete())
        return false;
    present_ = std::move(names);
    nameless_ = std::max<std::int64_t>(subscribers - static_cast<std::int64_t>(present_.size()), 0);
    return true;
}

std::vector<std::string> conversation::others() const {
    std::vector<std::string> out;
    std::ranges::copy_if(present_, std::back_inserter(out), [this](auto const& name) { return name != me_; });
    return out;
}

std::vector<std::string> conversation::typable() const {
    auto out = others();
    std::erase_if(out, [](auto const& name) { return has_control_character(name) || for_terminal(name) != name; });
    return out;
}

std::string conversation::who() const {
    auto out = name_of(me_) + " (you)";
    if (auto const rest = who_else(); !rest.empty())
        out += ", " + rest;
    if (nameless_ > 0)
        out += fmt::format(", and {} without a name", nameless_);
    return out;
}

std::string conversation::who_else() const {
    std::string out;
    for (auto const& name : others())
        out.append(out.empty() ? "" : ", ").append(name_of(name));
    return out;
}

}  // namespace anteroom
