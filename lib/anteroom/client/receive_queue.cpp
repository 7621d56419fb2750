#include <anteroom/client/receive_queue.hpp>

namespace anteroom::client {

bool inbox::move_on(places& at, item const& past) {
    if (auto const* text = std::get_if<message>(&past.what); text != nullptr && past.next.empty())
        return at.advance(text->room, text->id);
    return past.next.empty() || at.take(past.next);
}

bool inbox::add(std::vector<item>&& items) {
    for (auto& each : items) {
        if (std::holds_alternative<superseded>(each.what)) {
            superseded_ = true;
            continue;
        }
        if (!move_on(received_, each))
            return false;
        // Nothing of a room was received before it had a place.
        if (std::holds_alternative<moved>(each.what)) {
            handed_out_.fill(received_);
            if (items_.empty()) {
                move_on(handed_out_, each);
                continue;
            }
        }
        items_.push_back(std::move(each));
    }
    return true;
}

std::optional<batch> inbox::next() {
    batch out;
    while (!items_.empty()) {
        auto& first = items_.front();
        auto* const lost = std::get_if<gap>(&first.what);
        if (lost != nullptr && !out.messages.empty())
            break;
        move_on(handed_out_, first);
        auto* const text = std::get_if<message>(&first.what);
        if (lost != nullptr)
            out.gaps.push_back(std::move(*lost));
        if (text != nullptr)
            out.messages.push_back(std::move(*text));
        items_.pop_front();
    }
    if (out.gaps.empty() && out.messages.empty())
        return std::nullopt;
    // In one room the wire does not say which.
    auto const& only = handed_out_.rooms().front();
    for (auto& each : out.gaps) {
        if (each.room.empty())
            each.room = only;
    }
    for (auto& each : out.messages) {
        if (each.room.empty())
            each.room = only;
    }
    out.cursor = handed_out_.cursor();
    return out;
}

bool inbox::take_superseded() noexcept {
    bool const out = superseded_ && items_.empty();
    if (out)
        superseded_ = false;
    return out;
}

}  // namespace anteroom::client
