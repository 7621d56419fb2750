#include <anteroom/client/receive_queue.hpp>

namespace anteroom::client {

bool receive_queue::advance_past(subscription_cursor& at, event const& past) {
    if (auto const* text = std::get_if<message>(&past.what); text != nullptr && past.next.empty())
        return at.advance(text->room, text->id);
    return past.next.empty() || at.update(past.next);
}

bool receive_queue::add(std::vector<event>&& events) {
    for (auto& each : events) {
        if (std::holds_alternative<superseded>(each.what)) {
            superseded_ = true;
            continue;
        }
        if (!advance_past(received_, each))
            return false;
        // Nothing of a room was received before the room had a cursor.
        if (std::holds_alternative<cursor_moved>(each.what)) {
            delivered_.fill_missing(received_);
            if (events_.empty()) {
                advance_past(delivered_, each);
                continue;
            }
        }
        events_.push_back(std::move(each));
    }
    return true;
}

std::optional<batch> receive_queue::next() {
    batch out;
    while (!events_.empty()) {
        auto& first = events_.front();
        auto* const missed = std::get_if<gap>(&first.what);
        if (missed != nullptr && !out.messages.empty())
            break;
        advance_past(delivered_, first);
        auto* const received = std::get_if<message>(&first.what);
        if (missed != nullptr)
            out.gaps.push_back(std::move(*missed));
        if (received != nullptr)
            out.messages.push_back(std::move(*received));
        events_.pop_front();
    }
    if (out.gaps.empty() && out.messages.empty())
        return std::nullopt;
    // A subscription to one room gets no room names from the server.
    auto const& only = delivered_.rooms().front();
    for (auto& each : out.gaps) {
        if (each.room.empty())
            each.room = only;
    }
    for (auto& each : out.messages) {
        if (each.room.empty())
            each.room = only;
    }
    out.cursor = delivered_.text();
    return out;
}

bool receive_queue::take_superseded() noexcept {
    bool const out = superseded_ && events_.empty();
    if (out)
        superseded_ = false;
    return out;
}

}  // namespace anteroom::client
