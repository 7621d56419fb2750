#include "client.hpp"

#include <anteroom/base/text.hpp>
#include <anteroom/room/composite_cursor.hpp>

#include <algorithm>
#include <array>

namespace anteroom::simulation {

namespace {

void promised(bool kept, std::string const& what) {
    if (!kept)
        throw broken_promise(what);
}

// The entries of a composite cursor, as written.
std::vector<std::string> entries(std::string_view text) {
    std::vector<std::string> out;
    for_each_element(text, [&](std::string_view entry) { out.emplace_back(entry); });
    return out;
}

std::string prefix_of(std::size_t room) {
    return percent_encode(room_name(room)) + "@";
}

// What a client does that gets its position from the ids of single messages.
std::string with_place(std::string_view text, std::size_t room, cursor at) {
    std::string out;
    bool found = false;
    for (auto& each : entries(text)) {
        if (each.starts_with(prefix_of(room))) {
            each = prefix_of(room) + to_string(at);
            found = true;
        }
        out += (out.empty() ? "" : ",") + each;
    }
    promised(found, "a message came of a room that is not in the cursor");
    return out;
}

}  // namespace

std::string room_name(std::size_t room) {
    static constexpr std::array<std::string_view, 5> kinds = {"room-", "a b ", "x,@", "100%", "caf\xC3\xA9"};
    return std::string(kinds[room % kinds.size()]) + std::to_string(room);
}

std::optional<std::string> client::after() const {
    if (cursor_.empty())
        return std::nullopt;
    if (several || cursor_ == "0")
        return cursor_;
    for (auto const& each : entries(cursor_)) {
        if (auto const prefix = prefix_of(rooms.front()); each.starts_with(prefix))
            return each.substr(prefix.size());
    }
    return std::nullopt;
}

ledger& client::account_of(std::size_t room) {
    auto const found = accounts_.find(room);
    promised(found != accounts_.end(), "something came of a room that was not asked for");
    return found->second;
}

void client::receive(piece const& what) {
    for (auto const room : rooms) {
        if (accounts_.count(room) > 0)
            continue;
        auto const start =
            std::find_if(starts.begin(), starts.end(), [&](auto const& each) { return each.first == room; });
        promised(start != starts.end() || cursor_ == "0", "a room that is not in the cursor did not start now");
        accounts_[room].begin(start != starts.end() ? start->second : cursor{});
    }
    // The cursor that was received; a plain one is converted to a composite one.
    auto next = what.next;
    if (next && !several)
        next = prefix_of(rooms.front()) + *next;
    std::string const now = next.value_or(cursor_);
    auto read = cursor_set::parse(now);  // which refers to the text
    promised(read && !read->plain(), "what came is no cursor of several rooms: " + now);

    for (auto const& [room, told] : what.gaps) {
        auto const first = std::find_if(what.messages.begin(), what.messages.end(),
                                        [of = room](auto const& each) { return each.first == of; });
        auto const place = read->find(room_name(room));
        promised(place.has_value(), "a gap is of a room that is not in the cursor");
        bool const alone = first == what.messages.end();
        account_of(room).take(told, alone ? *place : cursor{place->epoch, first->second->id().number - 1});
    }
    for (auto const& [room, message] : what.messages) {
        account_of(room).take(*message);
        if (!next)
            cursor_ = with_place(cursor_, room, message->id());
    }
    if (!next)
        return;
    cursor_ = *next;
    promised(entries(cursor_).size() == rooms.size(), "the cursor has not the rooms that were asked for: " + cursor_);
    for (auto const room : rooms) {
        auto const place = read->find(room_name(room));
        promised(place.has_value(), room_name(room) + " is not in the cursor " + cursor_);
        account_of(room).arrive(*place);
    }
    std::erase_if(accounts_,
                  [&](auto const& each) { return std::find(rooms.begin(), rooms.end(), each.first) == rooms.end(); });
}

void client::move(std::optional<std::string> to) {
    accounts_.clear();
    cursor_ = to.value_or("");
    if (cursor_.empty() || cursor_ == "0")
        return;
    auto read = cursor_set::parse(cursor_);
    promised(read.has_value(), "a cursor cannot be read: " + cursor_);
    for (auto const room : rooms) {
        if (auto const at = read->find(room_name(room)))
            accounts_[room].begin(*at);
    }
}

}  // namespace anteroom::simulation
