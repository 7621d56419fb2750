#include "echo_filter.hpp"

namespace anteroom {

void echo_filter::acknowledged(std::string id) {
    if (!in_flight_.front().seen)
        unseen_.insert(std::move(id));
    in_flight_.pop_front();
}

bool echo_filter::is_echo(std::string_view id, std::string_view text) {
    if (auto const found = unseen_.find(id); found != unseen_.end()) {
        unseen_.erase(found);
        return true;
    }
    for (auto& each : in_flight_) {
        if (!each.seen && each.text == text) {
            each.seen = true;
            return true;
        }
    }
    return false;
}

}  // namespace anteroom
